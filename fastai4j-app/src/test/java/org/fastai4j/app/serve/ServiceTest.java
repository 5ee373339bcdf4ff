package org.fastai4j.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.http.UnprocessableContentResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.io.Png;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageClassifier.Prediction;
import org.fastai4j.vision.Models;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceTest {
  private final ImageClassifier model = untrained();
  private final HttpClient http = HttpClient.newHttpClient();
  private Service service;

  private static ImageClassifier untrained() {
    Torch.manualSeed(1);
    List<String> vocab = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    return ImageClassifier.of(Models.create("simple_net", 10), "simple_net", vocab);
  }

  @BeforeAll
  void start() {
    service = Service.start(model, "127.0.0.1", 0);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static Image digit(int seed) {
    return Image.fromBytes("L", 28, 28, DrawnDigits.draw(seed % 10, seed));
  }

  private static byte[] png(Image image) {
    return Png.encode(image.width(), image.height(), image.channels(), image.toBytes());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(service.address()).resolve(path));
  }

  private HttpRequest post(String type, byte[] body) {
    return request("/api/predict")
        .header("Content-Type", type)
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return http.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  private static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  private static void isOf(JsonObject answer, Prediction expected, List<String> vocab) {
    assertThat(answer.get("label").getAsString()).isEqualTo(expected.label());
    for (JsonElement one : answer.getAsJsonArray("top")) {
      JsonObject c = one.getAsJsonObject();
      int i = vocab.indexOf(c.get("label").getAsString());
      assertThat(c.get("probability").getAsDouble())
          .isCloseTo(expected.probabilities().get(i), within(1e-6));
    }
  }

  @Test
  void answersAsTheModelDoesHoweverTheImageComes() throws Exception {
    Image image = digit(7);
    Prediction expected = model.predict(image);
    byte[] file = png(image);
    String form = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\n";
    byte[] head = form.getBytes(StandardCharsets.US_ASCII);
    byte[] tail = "\r\n--x--\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] multipart = new byte[head.length + file.length + tail.length];
    System.arraycopy(head, 0, multipart, 0, head.length);
    System.arraycopy(file, 0, multipart, head.length, file.length);
    System.arraycopy(tail, 0, multipart, head.length + file.length, tail.length);
    for (HttpRequest request :
        List.of(
            post("image/png", file),
            post("application/octet-stream", file),
            post("multipart/form-data; boundary=x", multipart),
            post("application/json", pixels(image).getBytes(StandardCharsets.UTF_8)))) {
      HttpResponse<String> response = send(request);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      isOf(json(response), expected, model.vocab());
      assertThat(json(response).getAsJsonArray("top")).hasSize(10);
    }
  }

  private static String pixels(Image image) {
    JsonArray rows = new JsonArray();
    for (int y = 0; y < image.height(); y++) {
      JsonArray row = new JsonArray();
      for (int x = 0; x < image.width(); x++) {
        row.add(image.pixel(x, y, 0));
      }
      rows.add(row);
    }
    JsonObject out = new JsonObject();
    out.add("pixels", rows);
    return out.toString();
  }

  @Test
  void tellsTheMostProbableFirstAndWhatTheNetSees() throws Exception {
    Image image = digit(4).resize(90, 90);
    HttpResponse<String> response =
        send(
            request("/api/predict?top=3&sees=1")
                .header("Content-Type", "image/png")
                .POST(BodyPublishers.ofByteArray(png(image)))
                .build());
    List<Double> p =
        json(response).getAsJsonArray("top").asList().stream()
            .map(c -> c.getAsJsonObject().get("probability").getAsDouble())
            .toList();
    assertThat(p).hasSize(3).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    String sees = json(response).get("sees").getAsString();
    byte[] seen = Base64.getDecoder().decode(sees.substring("data:image/png;base64,".length()));
    assertThat(Image.open(seen, 784)).isEqualTo(model.input().prepare(image));
  }

  @Test
  void answersFiftyAtOnceEachWithItsOwn() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 50)
            .mapToObj(
                i -> http.sendAsync(post("image/png", png(digit(i))), BodyHandlers.ofString()))
            .toList();
    for (int i = 0; i < 50; i++) {
      isOf(json(answers.get(i).join()), model.predict(digit(i)), model.vocab());
    }
    assertThat(get("/metrics").body())
        .contains("fastai4j_batch_size_count", "http_server_requests_seconds_bucket");
  }

  @Test
  void putsWhatCameMeanwhileIntoOneBatchAndRefusesWhatIsTooMuch() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> sizes = new ArrayList<>();
    try (Batcher batcher =
        new Batcher(
            model,
            2,
            size -> {
              sizes.add(size);
              begun.countDown();
              await(go);
            })) {
      var first = batcher.predict(digit(0));
      await(begun);
      var second = batcher.predict(digit(1));
      var third = batcher.predict(digit(2));
      assertThatThrownBy(() -> batcher.predict(digit(3)))
          .isInstanceOf(Batcher.QueueFullException.class);
      go.countDown();
      assertThat(first.get().label()).isEqualTo(model.predict(digit(0)).label());
      assertThat(third.get().label()).isEqualTo(model.predict(digit(2)).label());
      assertThat(second).isDone();
    }
    assertThat(sizes).containsExactly(1, 2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void refusesWhatItCannotUseAndSaysWhy() throws Exception {
    byte[] good = png(digit(1));
    refuses(415, "image/png", post("text/plain", good));
    refuses(422, "not an image", post("image/png", "no".getBytes(StandardCharsets.UTF_8)));
    refuses(
        422,
        "row 1 has 1",
        post("application/json", "{\"pixels\":[[1,2],[3]]}".getBytes(StandardCharsets.UTF_8)));
    refuses(
        422,
        "0 to 255",
        post("application/json", "{\"pixels\":[[256]]}".getBytes(StandardCharsets.UTF_8)));
    refuses(422, "no such JSON", post("application/json", "[[[".getBytes(StandardCharsets.UTF_8)));
    refuses(422, "ink", post("image/png", png(Image.fromBytes("L", 30, 30, new byte[900]))));
    refuses(
        400, "form", post("multipart/form-data; boundary=x", "?".getBytes(StandardCharsets.UTF_8)));
    refuses(404, "", request("/nothing").build());
    refuses(404, "", request("/web/page.css").build());
    refuses(404, "", request("/Service.class").build());
    refuses(405, "", request("/api/predict").build());
    refuses(422, "not an image", post("image/png", new byte[(int) Limits.DEFAULT.bytes()]));
    refuses(
        403,
        "other servers",
        request("/api/model").header("Origin", "http://evil.example").build());
    refuses(
        400,
        "at least 1",
        request("/api/predict?top=0").POST(BodyPublishers.ofByteArray(good)).build());
  }

  private void refuses(int status, String why, HttpRequest request) throws Exception {
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(json(response).get("error").getAsString()).contains(why);
    assertThat(response.body()).doesNotContain("Exception", "\tat ", "org.fastai4j");
    assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'");
  }

  @Test
  void readsABodyThatIsTooLargeSoThatItsClientReadsTheAnswer() throws Exception {
    int most = (int) Limits.DEFAULT.bytes();
    for (int i = 0; i < 20; i++) { // a client that is cut off while it sends fails in some of them
      refuses(413, "at most " + most, post("image/png", new byte[most + 1]));
    }
    refuses(413, "at most " + most, post("image/png", new byte[2 * most]));
    refuses(422, "not an image", post("image/png", new byte[most]));
  }

  @Test
  void refusesManyPixelsInASmallFile() throws Exception {
    byte[] bomb = png(Image.fromBytes("L", 6000, 5000, new byte[30_000_000]));
    assertThat(bomb.length).isLessThan(100_000);
    refuses(422, "more than the 25000000", post("image/png", bomb));
  }

  /** What the server says to raw bytes, up to the end of the connection. */
  private String raw(Service to, String text) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(to.address()).getPort())) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void answersOnlyToItsOwnName() throws IOException {
    assertThat(raw(service, "GET / HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 421 ");
    assertThat(raw(service, "GET / HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void leadsNowhereOnTheDisk() throws IOException {
    for (String path :
        List.of(
            "/../../etc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd", "/..%2f..%2fetc/passwd")) {
      assertThat(
              raw(
                  service,
                  "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .containsPattern("HTTP/1.1 40[04] ")
          .doesNotContain("root:");
    }
  }

  private static final String EXPECTING =
      "POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n";
  private static final String HALF = EXPECTING.replace("Expect: 100-continue\r\n", "") + "half";

  @Test
  void slowClientsHoldNobodyUp() throws Exception {
    Limits two = Limits.DEFAULT.withQueue(2, 2);
    try (Service small = Service.start(model, "127.0.0.1", 0, two)) {
      List<Socket> slow = new ArrayList<>();
      try {
        for (int i = 0; i < 20; i++) {
          Socket socket =
              new Socket(InetAddress.getLoopbackAddress(), URI.create(small.address()).getPort());
          slow.add(socket);
          socket.getOutputStream().write(HALF.getBytes(StandardCharsets.US_ASCII));
        }
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(small.address()).resolve("/api/predict"))
                .header("Content-Type", "image/png")
                .POST(BodyPublishers.ofByteArray(png(digit(2))))
                .timeout(Duration.ofSeconds(10))
                .build();
        assertThat(send(request).statusCode()).isEqualTo(200);
      } finally {
        for (Socket socket : slow) {
          socket.close();
        }
      }
    }
  }

  @Test
  void endsAConnectionThatSaysNothing() throws IOException {
    Duration soon = Duration.ofMillis(100);
    Limits impatient = Limits.DEFAULT.withTimes(soon, Duration.ofSeconds(5), Duration.ofHours(1));
    try (Service small = Service.start(model, "127.0.0.1", 0, impatient)) {
      assertThat(raw(small, "")).isEmpty();
    }
  }

  @Test
  void endsAnUploadThatTakesTooLong() throws IOException {
    Duration hour = Duration.ofHours(1);
    Limits impatient = Limits.DEFAULT.withTimes(hour, hour, Duration.ofMillis(100));
    try (Service small = Service.start(model, "127.0.0.1", 0, impatient)) {
      assertThat(raw(small, HALF)).doesNotContain("200 OK");
    }
  }

  @Test
  void endsATooLargeUploadThatTakesTooLong() throws IOException {
    Duration hour = Duration.ofHours(1);
    Limits impatient = Limits.DEFAULT.withTimes(hour, hour, Duration.ofMillis(100));
    String begun =
        "POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
            + 2 * Limits.DEFAULT.bytes()
            + "\r\n\r\nbegun";
    try (Service small = Service.start(model, "127.0.0.1", 0, impatient)) {
      assertThat(raw(small, begun)).isEmpty();
    }
  }

  @Test
  void tellsWhoFallsSilentWithinABodySo() throws IOException {
    Duration hour = Duration.ofHours(1);
    Limits impatient = Limits.DEFAULT.withTimes(Duration.ofMillis(100), hour, hour);
    try (Service small = Service.start(model, "127.0.0.1", 0, impatient)) {
      assertThat(raw(small, HALF))
          .startsWith("HTTP/1.1 408 ")
          .endsWith("{\"error\":\"the body did not come in time; send it again without pauses\"}");
    }
  }

  @Test
  void waitsForNoHalfSentBodyWhenItEnds() throws IOException {
    Service small = Service.start(model, "127.0.0.1", 0);
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(small.address()).getPort())) {
      socket.getOutputStream().write(EXPECTING.getBytes(StandardCharsets.US_ASCII));
      byte[] proceed = "HTTP/1.1 100 Continue\r\n".getBytes(StandardCharsets.US_ASCII);
      assertThat(socket.getInputStream().readNBytes(proceed.length)).isEqualTo(proceed);
      small.close();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("the body did not come in time");
    }
  }

  @Test
  void refusesAnImageThatTakesTooLongToRead() throws IOException {
    Limits impatient = Limits.DEFAULT.withDecode(Duration.ZERO);
    byte[] large = png(Image.fromBytes("L", 4000, 4000, new byte[16_000_000]));
    try (Service small = Service.start(model, "127.0.0.1", 0, impatient)) {
      String answer =
          raw(
              small,
              "POST /api/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: image/png\r\nContent-Length: "
                  + large.length
                  + "\r\n\r\n"
                  + new String(large, StandardCharsets.ISO_8859_1));
      assertThat(answer).startsWith("HTTP/1.1 422 ").contains("takes too long to read");
    }
  }

  @Test
  void beginsNoImageWhileOthersAreReadPastTheirTime() throws InterruptedException {
    Limits none = Limits.DEFAULT.withTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try (Decoder decoder = new Decoder(1, none.withDecode(Duration.ZERO))) {
      assertThatThrownBy(
              () ->
                  decoder.read(
                      () ->
                          () -> {
                            await(go);
                            done.countDown();
                            return digit(1);
                          }))
          .isInstanceOf(UnprocessableContentResponse.class);
      assertThatThrownBy(() -> decoder.read(() -> () -> digit(2)))
          .isInstanceOf(ServiceUnavailableResponse.class)
          .hasMessageContaining("too many");
      go.countDown();
      await(done);
    }
    try (Decoder decoder = new Decoder(1, Limits.DEFAULT)) {
      for (int i = 0; i < 3; i++) {
        Image image = digit(i);
        assertThat(decoder.read(() -> () -> image)).isSameAs(image);
      }
    }
  }

  @Test
  void openApiDescribesWhatIsThere() throws Exception {
    JsonObject api = json(get("/openapi.json"));
    List<String> described = new ArrayList<>();
    api.getAsJsonObject("paths")
        .asMap()
        .forEach(
            (path, methods) ->
                methods
                    .getAsJsonObject()
                    .keySet()
                    .forEach(
                        method ->
                            described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));
    List<String> page =
        List.of("GET /", "GET /page.css", "GET /page.js", "GET /pad.js", "GET /icon.svg");
    assertThat(service.routes()).containsAll(page);
    assertThat(service.routes().stream().filter(r -> !page.contains(r)))
        .containsExactlyInAnyOrderElementsOf(described);

    fits(api, "Health", json(get("/healthz")));
    fits(api, "Model", json(get("/api/model")));
    fits(api, "Prediction", json(send(post("image/png", png(digit(3))))));
    fits(api, "Error", json(send(post("image/png", new byte[1]))));
  }

  /** Checks types, required and further members of a JSON value against a named schema. */
  private static void fits(JsonObject api, String name, JsonElement value) {
    JsonObject schemas = api.getAsJsonObject("components").getAsJsonObject("schemas");
    fits(schemas, schemas.getAsJsonObject(name), value, name);
  }

  private static void fits(JsonObject schemas, JsonObject schema, JsonElement value, String at) {
    if (schema.has("$ref")) {
      String ref = schema.get("$ref").getAsString();
      fits(schemas, schemas.getAsJsonObject(ref.substring(ref.lastIndexOf('/') + 1)), value, at);
      return;
    }
    switch (schema.get("type").getAsString()) {
      case "object" -> {
        JsonObject object = value.getAsJsonObject();
        if (schema.has("properties")) {
          JsonObject known = schema.getAsJsonObject("properties");
          assertThat(known.keySet()).as(at).containsAll(object.keySet());
          schema
              .getAsJsonArray("required")
              .forEach(r -> assertThat(object.has(r.getAsString())).as(at + "." + r).isTrue());
          object
              .asMap()
              .forEach((k, v) -> fits(schemas, known.getAsJsonObject(k), v, at + "." + k));
        }
      }
      case "array" ->
          value
              .getAsJsonArray()
              .forEach(v -> fits(schemas, schema.getAsJsonObject("items"), v, at + "[]"));
      case "string" -> assertThat(value.getAsJsonPrimitive().isString()).as(at).isTrue();
      case "boolean" -> assertThat(value.getAsJsonPrimitive().isBoolean()).as(at).isTrue();
      default -> assertThat(value.getAsJsonPrimitive().isNumber()).as(at).isTrue();
    }
  }

  @Test
  void saysThatAPortIsTaken() {
    int port = URI.create(service.address()).getPort();
    assertThatThrownBy(() -> Service.start(model, "127.0.0.1", port))
        .isInstanceOf(ServeException.class)
        .hasMessageContaining("port " + port)
        .hasMessageContaining("--port");
  }
}
