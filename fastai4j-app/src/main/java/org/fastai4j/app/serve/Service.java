package org.fastai4j.app.serve;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.http.UnsupportedMediaTypeResponse;
import io.javalin.http.UploadedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.io.Png;
import org.fastai4j.tensor.Torch;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageClassifier.Prediction;
import org.fastai4j.vision.Models;
import org.fastai4j.vision.VisionModels;

/**
 * A classifier behind HTTP, with a page for people.
 *
 * <pre>{@code
 * try (Service service = Service.start(ImageClassifier.load(file), "127.0.0.1", 8080)) {
 *   System.out.println(service.address()); // http://127.0.0.1:8080/
 * }
 * }</pre>
 *
 * <p>{@code /} is the page, {@code POST /api/predict} answers for an image, {@code GET /api/model}
 * tells of the model, {@code /healthz} and {@code /metrics} are for those who run it, and {@code
 * /openapi.json} describes all of them.
 */
public final class Service implements AutoCloseable {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final Map<String, String> LATER = Map.of("Retry-After", "1");

  private final ImageClassifier model;
  private final Limits limits;
  private final Batcher batcher;
  private final Meters meters;
  private final Decoder decoder;
  private final WebServer server;

  private Service(ImageClassifier model, String host, int port, Limits limits) {
    this.model = model;
    this.limits = limits;
    batcher = new Batcher(model, limits.queue(), this::counted);
    decoder = new Decoder(Runtime.getRuntime().availableProcessors(), limits);
    meters = new Meters(batcher::waiting);
    try {
      server = WebServer.start(host, port, limits, this::routes);
    } catch (RuntimeException e) {
      batcher.close();
      decoder.close();
      throw e;
    }
  }

  /**
   * Starts a server, which listens when this returns.
   *
   * @param host the address to listen at; with {@code 127.0.0.1} nobody else's computer gets in
   * @param port 0 for one that is free
   * @throws ServeException if it cannot listen there
   */
  public static Service start(ImageClassifier model, String host, int port) {
    return start(model, host, port, Limits.DEFAULT);
  }

  /** As {@link #start(ImageClassifier, String, int)}, with other limits. */
  public static Service start(ImageClassifier model, String host, int port, Limits limits) {
    if (!VisionModels.hasBody(model.arch())) {
      Torch.setNumThreads(1); // threads of small operations wait for each other
    }
    return new Service(model, host, port, limits);
  }

  /** Uses, in a second, the classes that a service uses, so that they can be archived. */
  public static void warmUp() {
    List<String> vocab = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    ImageClassifier model =
        ImageClassifier.of(Models.create("simple_cnn", 10), "simple_cnn", vocab);
    try (Service service = start(model, "127.0.0.1", 0)) {
      URI address = URI.create(service.address());
      for (String path : List.of("", "metrics", "api/model", "nothing")) {
        answer(address.resolve(path).toURL().openConnection());
      }
      URLConnection predict = address.resolve("api/predict?sees=1").toURL().openConnection();
      predict.setDoOutput(true);
      predict.setRequestProperty("Content-Type", "image/png");
      try (OutputStream out = predict.getOutputStream()) {
        out.write(Png.encode(28, 28, 1, DrawnDigits.draw(3, 1)));
      }
      answer(predict);
    } catch (IOException e) {
      throw new UncheckedIOException("the warm-up could not ask its own service", e);
    }
  }

  private static void answer(URLConnection connection) throws IOException {
    if (((HttpURLConnection) connection).getResponseCode() == 200) {
      connection.getInputStream().readAllBytes();
    }
  }

  private void counted(int batch) {
    meters.batch(batch);
  }

  private void routes(JavalinConfig config) {
    WebServer.file(config, "/", "index.html");
    for (String name : List.of("page.css", "page.js", "pad.js", "icon.svg", "openapi.json")) {
      WebServer.file(config, "/" + name, name);
    }
    config.requestLogger.http((ctx, millis) -> meters.request(ctx, millis));
    config
        .routes
        .get("/healthz", ctx -> json(ctx, "{\"status\":\"ok\"}"))
        .get(
            "/metrics",
            ctx ->
                ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(meters.text()))
        .get("/api/model", ctx -> json(ctx, GSON.toJson(description())))
        .post("/api/predict", this::predict);
  }

  private static void json(Context ctx, String json) {
    ctx.header("Cache-Control", "no-store").contentType("application/json").result(json);
  }

  private JsonObject description() {
    JsonObject out = new JsonObject();
    out.addProperty("arch", model.arch());
    out.add("vocab", GSON.toJsonTree(model.vocab()));
    JsonObject input = new JsonObject();
    input.addProperty("channels", model.input().channels());
    input.addProperty("height", model.input().height());
    input.addProperty("width", model.input().width());
    input.addProperty("digit", model.input().digit());
    out.add("input", input);
    out.add("provenance", GSON.toJsonTree(model.provenance()));
    JsonObject most = new JsonObject();
    most.addProperty("bytes", limits.bytes());
    most.addProperty("pixels", limits.pixels());
    out.add("limits", most);
    return out;
  }

  private void predict(Context ctx) throws InterruptedException {
    int top = top(ctx);
    Image prepared =
        decoder.read(
            () -> {
              Supplier<Image> image = image(ctx);
              return () -> model.input().prepare(image.get());
            });
    Prediction prediction;
    try {
      prediction = batcher.predict(prepared).get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
    } catch (Batcher.QueueFullException e) {
      throw new ServiceUnavailableResponse(String.valueOf(e.getMessage()), LATER);
    } catch (TimeoutException | CancellationException e) {
      throw new ServiceUnavailableResponse("the prediction took too long", LATER);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the net failed", e);
    }
    JsonObject out = answer(prediction, top);
    if ("1".equals(ctx.queryParam("sees"))) {
      out.addProperty("sees", "data:image/png;base64," + png(prepared));
    }
    json(ctx, GSON.toJson(out));
  }

  /** How many classes are wanted; all of them by default. */
  private int top(Context ctx) {
    String top = ctx.queryParam("top");
    if (top == null) {
      return model.vocab().size();
    }
    if (!top.matches("[1-9][0-9]{0,5}")) {
      throw new BadRequestResponse("'top' is how many classes are wanted, at least 1");
    }
    return Math.min(Integer.parseInt(top), model.vocab().size());
  }

  /** Takes the body of the request at once, and reads the image in it when asked. */
  private Supplier<Image> image(Context ctx) {
    String type = String.valueOf(ctx.contentType()).split(";", 2)[0].strip();
    switch (type.toLowerCase(Locale.ROOT)) {
      case "application/json" -> {
        byte[] json = ctx.bodyAsBytes();
        return () ->
            Pixels.read(
                new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8),
                limits.pixels());
      }
      case "multipart/form-data" -> {
        byte[] file = part(ctx);
        return () -> Image.open(file, limits.pixels());
      }
      case "image/png",
          "image/jpeg",
          "image/gif",
          "image/bmp",
          "image/tiff",
          "image/webp",
          "application/octet-stream" -> {
        byte[] file = ctx.bodyAsBytes();
        return () -> Image.open(file, limits.pixels());
      }
      default ->
          throw new UnsupportedMediaTypeResponse(
              "send an image (image/png, jpeg, gif, bmp, tiff or webp), a form with one"
                  + " (multipart/form-data) or pixels (application/json)");
    }
  }

  private static byte[] part(Context ctx) {
    List<UploadedFile> files;
    try {
      files = ctx.uploadedFiles();
    } catch (Exception e) { // Jetty's, for a body that is none; some are checked ones
      throw new BadRequestResponse("the body is no multipart form");
    }
    if (files.size() != 1) {
      throw new BadRequestResponse("the form must have one file, but has " + files.size());
    }
    try (InputStream in = files.get(0).content()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject answer(Prediction prediction, int top) {
    JsonObject out = new JsonObject();
    out.addProperty("label", prediction.label());
    out.addProperty("probability", prediction.probability());
    JsonArray best = new JsonArray();
    List<Double> p = prediction.probabilities();
    IntStream.range(0, p.size())
        .boxed()
        .sorted(Comparator.comparing(p::get, Comparator.reverseOrder()))
        .limit(top)
        .forEach(
            i -> {
              JsonObject one = new JsonObject();
              one.addProperty("label", model.vocab().get(i));
              one.addProperty("probability", p.get(i));
              best.add(one);
            });
    out.add("top", best);
    return out;
  }

  private static String png(Image image) {
    return Base64.getEncoder()
        .encodeToString(
            Png.encode(image.width(), image.height(), image.channels(), image.toBytes()));
  }

  /** The address of the page, such as {@code http://127.0.0.1:8080/}. */
  public String address() {
    return server.address();
  }

  /** What it answers to, such as {@code GET /healthz}. */
  List<String> routes() {
    return server.routes();
  }

  /** Takes no more requests, and returns when those that it has are answered. */
  @Override
  public void close() {
    server.close();
    batcher.close();
    decoder.close();
  }
}
