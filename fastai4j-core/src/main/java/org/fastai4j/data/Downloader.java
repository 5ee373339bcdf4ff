package org.fastai4j.data;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Brings a file over HTTP: goes on where a cut download ended, and tries again after what may pass.
 *
 * <p>What has come stays in the file it is given, and beside it in {@code .tag} what identifies
 * that version of it on the server, so that parts of two versions are never joined.
 */
final class Downloader {
  /** How to wait; tests do not. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
  private static final int ATTEMPTS = 5;

  private final Duration stall;
  private final Sleeper sleeper;

  Downloader() {
    this(Duration.ofSeconds(30), time -> Thread.sleep(time.toMillis()));
  }

  /** Gives up on a connection that has been silent for {@code stall}. */
  Downloader(Duration stall, Sleeper sleeper) {
    this.stall = stall;
    this.sleeper = sleeper;
  }

  /** Downloads {@code uri} into {@code part}, which may hold its beginning already. */
  void download(URI uri, Path part, Progress progress) {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .proxy(ProxySelector.getDefault())
            .build();
    boolean answered = false;
    int failures = 0;
    while (true) {
      var transfer = new Transfer(uri, part);
      try {
        transfer.run(client, progress);
        Files.deleteIfExists(tag(part));
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DataException("interrupted while downloading " + uri, e);
      } catch (IOException e) {
        answered |= transfer.answered;
        failures = transfer.received > 0 ? 1 : failures + 1;
        if (failures == ATTEMPTS || (!answered && isUnreachable(e))) {
          String message = reason(e);
          throw answered
              ? new DataException("cannot download " + uri + ": " + message, e)
              : new OfflineException("cannot reach " + uri.getHost() + " (" + message + ")", e);
        }
        pause(transfer, failures, reason(e), progress);
      }
    }
  }

  private void pause(Transfer transfer, int failures, String why, Progress progress) {
    Duration time = transfer.retryAfter.orElse(Duration.ofMillis(500L << (failures - 1)));
    if (time.compareTo(LONGEST_WAIT) > 0) {
      throw new DataException(
          "cannot download %s: %s, try again in %d s"
              .formatted(transfer.uri, why, time.toSeconds()));
    }
    progress.notice("%s: %s; trying again".formatted(transfer.uri, why));
    try {
      sleeper.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while downloading " + transfer.uri, e);
    }
  }

  /**
   * Whether no server was found at all, or a proxy or a portal stands before it; a second attempt
   * will hardly change that.
   */
  static boolean isUnreachable(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ConnectException
          || t instanceof UnknownHostException
          || t instanceof UnresolvedAddressException
          || t instanceof NoRouteToHostException
          || t instanceof HttpConnectTimeoutException
          || t instanceof SSLException
          || String.valueOf(t.getMessage()).startsWith("Tunnel failed")) {
        return true;
      }
    }
    return false;
  }

  /** HttpClient's ConnectException for a name that does not resolve says nothing. */
  private static String reason(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
        return "unknown host";
      }
      if (t.getMessage() != null && !t.getMessage().isBlank()) {
        return t.getMessage();
      }
    }
    return failure.getClass().getSimpleName();
  }

  static Path tag(Path part) {
    return part.resolveSibling(part.getFileName() + ".tag");
  }

  /** One request and its answer, written to the file by the client's threads. */
  private final class Transfer implements BodyHandler<Void> {
    private final URI uri;
    private final Path part;
    private final String label;
    private Optional<FileChannel> file = Optional.empty();
    private Optional<DataException> failure = Optional.empty();
    private volatile long position;
    private volatile long total;
    private volatile long received;
    private volatile boolean answered;
    private volatile Optional<Duration> retryAfter = Optional.empty();

    Transfer(URI uri, Path part) {
      this.uri = uri;
      this.part = part;
      this.label = "Downloading " + part.getFileName().toString().replaceFirst("\\.part$", "");
    }

    void run(HttpClient client, Progress progress) throws IOException, InterruptedException {
      var response = client.sendAsync(request(), this);
      try {
        long seen = 0;
        long seenAt = System.nanoTime();
        while (true) {
          try {
            HttpResponse<Void> answer = response.get(100, TimeUnit.MILLISECONDS);
            throwFailure();
            checkStatus(answer.statusCode());
            progress.updateBytes(label, position, total);
            return;
          } catch (TimeoutException e) {
            throwFailure();
            progress.updateBytes(label, position, total);
          }
          if (received != seen || !answered) { // until it answers, the request's own timeout counts
            seen = received;
            seenAt = System.nanoTime();
          } else if (System.nanoTime() - seenAt > stall.toNanos()) {
            throw new IOException("no data for " + stall.toSeconds() + " s");
          }
        }
      } catch (ExecutionException e) {
        throwFailure();
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } finally {
        response.cancel(true);
        closeFile();
      }
    }

    private HttpRequest request() throws IOException {
      var request = HttpRequest.newBuilder(uri).timeout(stall).header("User-Agent", "fastai4j");
      if (Files.exists(part) && Files.exists(tag(part))) {
        position = Files.size(part);
        request.header("Range", "bytes=" + position + "-");
        request.header("If-Range", Files.readString(tag(part)));
      }
      return request.build();
    }

    @Override
    public synchronized BodySubscriber<Void> apply(ResponseInfo info) {
      answered = true;
      HttpHeaders headers = info.headers();
      retryAfter = headers.firstValue("Retry-After").flatMap(Downloader::retryAfter);
      boolean rest =
          info.statusCode() == 206
              && headers
                  .firstValue("Content-Range")
                  .orElse("")
                  .startsWith("bytes " + position + "-");
      if (info.statusCode() != 200 && !rest) {
        return BodySubscribers.discarding();
      }
      try {
        if (!rest) {
          position = 0;
          Files.deleteIfExists(part);
          Files.deleteIfExists(tag(part));
          Optional<String> version =
              headers
                  .firstValue("ETag")
                  .filter(etag -> !etag.startsWith("W/"))
                  .or(() -> headers.firstValue("Last-Modified"));
          if (version.isPresent()) {
            Files.writeString(tag(part), version.get());
          }
        }
        total = position + headers.firstValueAsLong("Content-Length").orElse(-position);
        file =
            Optional.of(
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
      } catch (IOException e) {
        failure = Optional.of(Folders.cannotWrite(part, e));
      }
      return BodySubscribers.ofByteArrayConsumer(chunk -> chunk.ifPresent(this::write));
    }

    private synchronized void write(byte[] chunk) {
      if (file.isEmpty() || failure.isPresent()) {
        return;
      }
      try {
        var bytes = ByteBuffer.wrap(chunk);
        while (bytes.hasRemaining()) {
          file.get().write(bytes);
        }
        position += chunk.length;
        received += chunk.length;
      } catch (IOException e) {
        failure = Optional.of(Folders.cannotWrite(part, e));
      }
    }

    private void checkStatus(int status) throws IOException {
      if (status == 200 || (status == 206 && file().isPresent())) {
        return;
      }
      if (status == 206 || status == 416) { // another part than was asked for, or none left
        Files.deleteIfExists(part);
        Files.deleteIfExists(tag(part));
        throw new IOException("the server sent another part than was asked for");
      }
      String message = "the server answered with status " + status;
      if (status >= 500 || status == 429 || status == 408) {
        throw new IOException(message);
      }
      throw new DataException("cannot download " + uri + ": " + message + "; check the address");
    }

    private synchronized Optional<FileChannel> file() {
      return file;
    }

    /** What could not be written makes no sense to try again, and would fill a full disk. */
    private synchronized void throwFailure() throws IOException {
      if (failure.isPresent()) {
        closeFile();
        Files.deleteIfExists(part);
        Files.deleteIfExists(tag(part));
        throw failure.get();
      }
    }

    private synchronized void closeFile() throws IOException {
      if (file.isPresent()) {
        file.get().close();
        file = Optional.empty();
      }
    }
  }

  private static Optional<Duration> retryAfter(String value) {
    try {
      if (value.matches("\\d{1,9}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
      }
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), then);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
