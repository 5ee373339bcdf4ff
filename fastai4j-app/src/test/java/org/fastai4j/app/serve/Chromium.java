package org.fastai4j.app.serve;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A page in a headless Chromium, driven through its DevTools protocol.
 *
 * <p>Reference: https://chromedevtools.github.io/devtools-protocol/
 */
final class Chromium implements AutoCloseable {
  private static final Gson GSON = new Gson();
  private static final long SECONDS = 30;

  private final Process process;
  private final Path profile;
  private final Messages messages = new Messages();
  private final WebSocket socket;
  private int last;

  private Chromium(Process process, Path profile, URI browser) throws Exception {
    this.process = process;
    this.profile = profile;
    HttpClient http = HttpClient.newHttpClient();
    URI list = URI.create("http://127.0.0.1:" + browser.getPort() + "/json/list");
    String targets =
        http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    String page = "";
    for (JsonElement target : JsonParser.parseString(targets).getAsJsonArray()) {
      if (target.getAsJsonObject().get("type").getAsString().equals("page")) {
        page = target.getAsJsonObject().get("webSocketDebuggerUrl").getAsString();
      }
    }
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(page), messages)
            .get(SECONDS, TimeUnit.SECONDS);
    send("Page.enable", Map.of());
    send("Log.enable", Map.of());
    send("Runtime.enable", Map.of());
  }

  /** Starts one; without Chromium the test is skipped, or fails where {@code CI=true}. */
  static Chromium start() {
    Path program =
        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of(""));
    if (program.toString().isEmpty()) {
      String message = "Chromium is missing; install it, as in 'apt-get install chromium'";
      return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }
    try {
      Path profile = Files.createTempDirectory("chromium");
      Process process =
          new ProcessBuilder(
                  program.toString(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--disable-dev-shm-usage",
                  "--hide-scrollbars",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectErrorStream(true)
              .start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line;
      while ((line = out.readLine()) != null) {
        if (line.startsWith("DevTools listening on ")) {
          drain(out);
          return new Chromium(process, profile, URI.create(line.substring(22).strip()));
        }
      }
      return fail("Chromium ended before it listened");
    } catch (Exception e) {
      return fail("Chromium did not start", e);
    }
  }

  private static void drain(BufferedReader out) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (out.readLine() != null) {}
              } catch (IOException e) {
                // It has ended.
              }
            },
            "chromium-output");
    thread.setDaemon(true);
    thread.start();
  }

  /** What comes from the page: answers by their number, and what it complains of. */
  private static final class Messages implements WebSocket.Listener {
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints =
        java.util.Collections.synchronizedList(new ArrayList<>());
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        JsonObject message = JsonParser.parseString(text.toString()).getAsJsonObject();
        text.setLength(0);
        if (message.has("id")) {
          CompletableFuture<JsonObject> answer = answers.remove(message.get("id").getAsInt());
          if (answer != null) {
            answer.complete(message);
          }
        } else {
          listen(message);
        }
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void listen(JsonObject message) {
      String method = message.get("method").getAsString();
      if (method.equals("Runtime.exceptionThrown") || method.equals("Log.entryAdded")) {
        complaints.add(message.get("params").toString());
      }
    }
  }

  private synchronized JsonObject send(String method, Map<String, ?> params) {
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    messages.answers.put(++last, answer);
    socket
        .sendText(GSON.toJson(Map.of("id", last, "method", method, "params", params)), true)
        .join();
    try {
      JsonObject message = answer.get(SECONDS, TimeUnit.SECONDS);
      if (message.has("error")) {
        throw new IllegalStateException(method + ": " + message.get("error"));
      }
      return message.getAsJsonObject("result");
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(method + " got no answer", e);
    }
  }

  /** The value of a script, awaited if it is a promise. */
  String run(String script) {
    JsonObject result =
        send(
            "Runtime.evaluate",
            Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(script + ": " + result.get("exceptionDetails"));
    }
    JsonElement value = result.getAsJsonObject("result").get("value");
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }

  /** Waits until a condition of the page holds. */
  void await(String condition) {
    run(
        "new Promise(done => { const look = () => { if (%s) done(true); else setTimeout(look, 5); }; look(); })"
            .formatted(condition));
  }

  void open(String address, String ready) {
    send("Page.navigate", Map.of("url", address));
    await("document.readyState === 'complete' && location.href !== 'about:blank'");
    await(ready);
  }

  void size(int width, int height, double scale, boolean phone) {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", phone));
    send("Emulation.setTouchEmulationEnabled", Map.of("enabled", phone));
  }

  void dark(boolean dark) {
    send(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-reduced-motion", "value", "reduce"),
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** A mouse's {@code mousePressed}, {@code mouseMoved} or {@code mouseReleased}. */
  void mouse(String type, double x, double y) {
    send(
        "Input.dispatchMouseEvent",
        Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", 1, "clickCount", 1));
  }

  /** A finger's {@code touchStart}, {@code touchMove} or {@code touchEnd}. */
  void touch(String type, double x, double y) {
    send(
        "Input.dispatchTouchEvent",
        Map.of(
            "type",
            type,
            "touchPoints",
            type.equals("touchEnd") ? List.of() : List.of(Map.of("x", x, "y", y))));
  }

  void key(String key, int code, int modifiers) {
    for (String type : List.of("keyDown", "keyUp")) {
      send(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "windowsVirtualKeyCode", code, "modifiers", modifiers));
    }
  }

  /** Chooses a file in an input. */
  void choose(String selector, Path file) {
    JsonObject document = send("DOM.getDocument", Map.of()).getAsJsonObject("root");
    JsonObject node =
        send(
            "DOM.querySelector",
            Map.of("nodeId", document.get("nodeId").getAsInt(), "selector", selector));
    send(
        "DOM.setFileInputFiles",
        Map.of("nodeId", node.get("nodeId").getAsInt(), "files", List.of(file.toString())));
  }

  /** A picture of the window. */
  void screenshot(Path file) {
    String data = send("Page.captureScreenshot", Map.of("format", "png")).get("data").getAsString();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Exceptions and failures, such as what the content security policy forbade, so far. */
  List<String> complaints() {
    return List.copyOf(messages.complaints);
  }

  void forgetComplaints() {
    messages.complaints.clear();
  }

  double[] box(String selector) {
    JsonArray box =
        JsonParser.parseString(
                run(
                    "(() => { const b = document.querySelector('%s').getBoundingClientRect(); return JSON.stringify([b.left, b.top, b.width, b.height]); })()"
                        .formatted(selector)))
            .getAsJsonArray();
    return new double[] {
      box.get(0).getAsDouble(),
      box.get(1).getAsDouble(),
      box.get(2).getAsDouble(),
      box.get(3).getAsDouble()
    };
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // A child of the browser still writes: the system's own clean-up takes the rest.
    }
  }
}
