package org.fastai4j.app.serve;

import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What is counted for {@code /metrics}. */
final class Meters {
  private static final Duration[] BUCKETS =
      IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();
  private final DistributionSummary batches =
      DistributionSummary.builder("fastai4j.batch.size")
          .description("Images that went through the net together")
          .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
          .register(registry);
  private final Counter predictions =
      Counter.builder("fastai4j.predictions")
          .description("Images that were classified")
          .register(registry);

  Meters(Supplier<Number> waiting) {
    Gauge.builder("fastai4j.queue.size", waiting)
        .description("Images that wait for the net")
        .register(registry);
    new UptimeMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
  }

  void batch(int size) {
    batches.record(size);
    predictions.increment(size);
  }

  /** Notes how long a request took that the routes have answered. */
  void request(Context ctx, float millis) {
    Endpoint endpoint = ctx.endpoints().lastHttpEndpoint();
    String route = endpoint == null ? "none" : endpoint.path;
    int status = ctx.statusCode();
    timers
        .computeIfAbsent(
            ctx.method() + " " + route + " " + status,
            key ->
                Timer.builder("http.server.requests")
                    .description("Answers, by route and status")
                    .tags("method", ctx.method().toString(), "uri", route)
                    .tag("status", Integer.toString(status))
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry))
        .record(Duration.ofNanos((long) (millis * 1e6)));
  }

  String text() {
    return registry.scrape();
  }
}
