package org.fastai4j.app.serve;

import com.google.gson.JsonObject;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.QoSHandler;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A web server that trusts nobody: it limits what it takes, tells nothing of itself, lets a page
 * load from nowhere else, and ends what it has begun when it is closed.
 *
 * <p>Bodies are read before a thread is given to a request, so a slow client holds a connection and
 * no more.
 */
final class WebServer implements AutoCloseable {
  private static final long STOP_MILLIS = 10_000;
  private static final long SHUTDOWN_IDLE_MILLIS = 2_000;
  private static final int SPARE_THREADS = 8;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
              + " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin");

  private final Javalin app;
  private final String host;

  private WebServer(Javalin app, String host) {
    this.app = app;
    this.host = host;
  }

  /**
   * A server that listens already.
   *
   * @param port 0 for one that is free
   * @throws ServeException if it cannot listen there
   */
  static WebServer start(String host, int port, Limits limits, Consumer<JavalinConfig> routes) {
    Javalin app =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.startup.startupWatcherEnabled = false;
              config.http.compressionStrategy = CompressionStrategy.NONE;
              config.http.maxRequestSize = limits.bytes();
              config.http.prefer405over404 = true;
              config.jetty.threadPool =
                  new QueuedThreadPool(limits.requests() + SPARE_THREADS, SPARE_THREADS);
              config.jetty.multipartConfig.maxFileSize(limits.bytes(), SizeUnit.BYTES);
              config.jetty.multipartConfig.maxTotalRequestSize(limits.bytes(), SizeUnit.BYTES);
              config.jetty.multipartConfig.maxInMemoryFileSize(
                  (int) limits.bytes(), SizeUnit.BYTES); // nothing goes to the disk
              config.jetty.modifyHttpConfiguration(WebServer::harden);
              config.jetty.addConnector(
                  (server, http) -> connector(server, http, host, port, limits));
              config.jetty.modifyServer(server -> limit(server, host, limits));
              config.routes.exception(HttpResponseException.class, WebServer::answer);
              config.routes.exception(
                  Exception.class,
                  (e, ctx) -> {
                    if (hasCause(e, EofException.class)) {
                      return; // the client has gone
                    }
                    System.getLogger(WebServer.class.getName())
                        .log(System.Logger.Level.ERROR, ctx.method() + " " + ctx.path(), e);
                    error(ctx, 500, "something went wrong here; the server's log tells what");
                  });
              routes.accept(config);
            });
    try {
      return new WebServer(app.start(), host);
    } catch (RuntimeException e) {
      if (e instanceof JavalinBindException || hasCause(e, BindException.class)) {
        throw new ServeException(
            "cannot listen at %s, port %d: another program does, or it is no address of this computer; choose with --port and --host"
                .formatted(host, port),
            e);
      }
      throw e;
    }
  }

  private static boolean hasCause(@Nullable Throwable e, Class<?> type) {
    return e != null && (type.isInstance(e) || hasCause(e.getCause(), type));
  }

  private static void harden(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.addCustomizer(
        (request, headers) -> {
          addHeaders(headers);
          return request;
        });
  }

  private static void addHeaders(HttpFields.Mutable headers) {
    HEADERS.forEach(headers::put);
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration http, String host, int port, Limits limits) {
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(limits.idle().toMillis());
    return connector;
  }

  private static void limit(Server server, String host, Limits limits) {
    NetworkConnectionLimit connections = new NetworkConnectionLimit(limits.connections(), server);
    connections.setEndPointIdleTimeout(1000); // when full, those that do nothing go first
    server.addBean(connections);
    server.setStopTimeout(STOP_MILLIS);
    server.setErrorHandler(new JsonErrors());
    QoSHandler turns = new QoSHandler();
    turns.setMaxRequestCount(limits.requests());
    turns.setMaxSuspendedRequestCount(limits.queue());
    turns.setMaxSuspend(limits.answer());
    GracefulHandler graceful = new GracefulHandler();
    graceful.setShutdownIdleTimeout(SHUTDOWN_IDLE_MILLIS);
    server.setHandler(
        chain(
            new HostCheck(host),
            graceful,
            new BodySize(limits.bytes(), limits.upload()),
            new SizeLimitHandler(limits.bytes(), -1),
            new UploadTime.Begin(limits.upload()),
            new EagerContentHandler(
                // It counts 64 bytes more for each piece that came; SizeLimitHandler has the exact
                // limit.
                new EagerContentHandler.RetainedContentLoaderFactory(2 * limits.bytes(), 64, true)),
            new UploadTime.End(),
            turns));
  }

  private static Handler chain(Handler.Wrapper... handlers) {
    for (int i = 0; i + 1 < handlers.length; i++) {
      handlers[i].setHandler(handlers[i + 1]);
    }
    return handlers[0];
  }

  /** Jetty's own errors, as JSON and without a word of where they arose. */
  private static final class JsonErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int code,
        @Nullable String message,
        @Nullable Throwable cause,
        Callback callback) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      String text =
          code >= 500 || message == null
              ? org.eclipse.jetty.http.HttpStatus.getMessage(code)
              : message;
      response.write(true, ByteBuffer.wrap(json(text).getBytes(StandardCharsets.UTF_8)), callback);
    }
  }

  private static void answer(HttpResponseException e, Context ctx) {
    e.getDetails().forEach((name, value) -> ctx.header(name, value));
    error(ctx, e.getStatus(), String.valueOf(e.getMessage()));
  }

  private static void error(Context ctx, int status, String message) {
    ctx.status(status).contentType(ContentType.APPLICATION_JSON).result(json(message));
  }

  private static String json(String message) {
    JsonObject error = new JsonObject();
    error.addProperty("error", message);
    return error.toString();
  }

  /** Serves a file of this package's {@code web} folder, from the jar, and nothing beside it. */
  static void file(JavalinConfig config, String path, String name) {
    String type =
        name.endsWith(".html")
            ? "text/html; charset=utf-8"
            : name.endsWith(".css")
                ? "text/css; charset=utf-8"
                : name.endsWith(".svg")
                    ? "image/svg+xml"
                    : name.endsWith(".json")
                        ? "application/json"
                        : "text/javascript; charset=utf-8";
    config.routes.get(
        path,
        ctx -> ctx.header("Cache-Control", "no-cache").contentType(type).result(resource(name)));
  }

  static byte[] resource(String name) {
    try (InputStream in = WebServer.class.getResourceAsStream("web/" + name)) {
      if (in == null) {
        throw new IllegalStateException("web/" + name + " is missing in the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return app.port();
  }

  /** The address to open in a browser. */
  String address() {
    String name = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port() + "/";
  }

  List<String> routes() {
    return app.unsafe.internalRouter.allHttpHandlers().stream()
        .map(handler -> handler.endpoint.method + " " + handler.endpoint.path)
        .toList();
  }

  /** Takes no more requests and waits for those that it has. */
  @Override
  public void close() {
    try {
      app.stop();
    } catch (JavalinException e) {
      System.getLogger(WebServer.class.getName())
          .log(System.Logger.Level.WARNING, "requests were cut off: they took too long to end");
    }
  }
}
