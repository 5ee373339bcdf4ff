package org.fastai4j.app.serve;

import io.javalin.config.JavalinConfig;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.sse.SseClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fastai4j.learner.Callback;

/**
 * A page that shows a fit as it goes on, and can stop it.
 *
 * <pre>{@code
 * try (WatchPage page = WatchPage.start("127.0.0.1", 8080)) {
 *   learn.addCallback(page.callback()).fit(3, 0.1);
 * }
 * }</pre>
 */
public final class WatchPage implements AutoCloseable {
  /** At most so often is the page told. */
  private static final long EVERY_MILLIS = 250;

  /** A sign of life, so that the connection is not taken for a dead one. */
  private static final long ALIVE_MILLIS = 5000;

  private final WatchCallback fit = new WatchCallback();
  private final Set<SseClient> watchers = ConcurrentHashMap.newKeySet();
  private final Thread teller = new Thread(this::tell, "watch");
  private final WebServer server;

  private WatchPage(String host, int port) {
    server = WebServer.start(host, port, Limits.DEFAULT, this::routes);
    teller.setDaemon(true);
    teller.start();
  }

  /**
   * Starts a server, which listens when this returns.
   *
   * @param port 0 for one that is free
   * @throws ServeException if it cannot listen there
   */
  public static WatchPage start(String host, int port) {
    return new WatchPage(host, port);
  }

  /** What the learner is given. */
  public Callback callback() {
    return fit;
  }

  private void routes(JavalinConfig config) {
    WebServer.file(config, "/", "watch.html");
    for (String name : List.of("page.css", "watch.css", "watch.js", "icon.svg")) {
      WebServer.file(config, "/" + name, name);
    }
    config
        .routes
        .get(
            "/api/watch/images",
            ctx -> {
              byte[] png = fit.images();
              if (png.length == 0) {
                throw new NotFoundResponse("no images yet");
              }
              ctx.header("Cache-Control", "no-store").contentType("image/png").result(png);
            })
        .post(
            "/api/watch/stop",
            ctx -> {
              fit.stop();
              ctx.status(204);
            })
        .sse(
            "/api/watch/events",
            client -> {
              client.keepAlive();
              client.onClose(() -> watchers.remove(client));
              client.sendEvent("state", fit.json());
              watchers.add(client);
            });
  }

  private void tell() {
    try {
      long seen = -1;
      while (true) {
        long now = fit.await(seen, ALIVE_MILLIS);
        if (now == seen) {
          watchers.forEach(client -> client.sendComment("alive"));
        } else {
          seen = now;
          tellAll();
          Thread.sleep(EVERY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      tellAll(); // the end of the fit is told before the server goes
    }
  }

  private void tellAll() {
    String state = fit.json();
    watchers.forEach(client -> client.sendEvent("state", state));
  }

  /** The address of the page, such as {@code http://127.0.0.1:8080/}. */
  public String address() {
    return server.address();
  }

  @Override
  public void close() {
    teller.interrupt();
    try {
      teller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watchers.forEach(client -> client.sendEvent("end", ""));
    watchers.forEach(SseClient::close);
    server.close();
  }
}
