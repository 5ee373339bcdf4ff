import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a running service for predictions and tells how long they took.
 *
 * <pre>java bench/serve/Load.java URL CLIENTS SECONDS [RATE]</pre>
 *
 * <p>Each client is a thread with a connection of its own. With RATE, the requests of all clients
 * together come at so many a second, and a time runs from when a request was due; without, each
 * client asks again as soon as it has its answer.
 */
final class Load {
  private static final int MOST = 2_000_000;

  private Load() {}

  public static void main(String[] args) throws Exception {
    URI url = URI.create(args[0]);
    int clients = Integer.parseInt(args[1]);
    double seconds = Double.parseDouble(args[2]);
    double rate = args.length > 3 ? Double.parseDouble(args[3]) : 0;
    byte[] request = request(url);
    run(url, request, clients, 3, rate); // warm
    run(url, request, clients, seconds, rate).print(clients, rate);
  }

  private static byte[] request(URI url) {
    StringBuilder pixels = new StringBuilder("{\"pixels\":[");
    for (int y = 0; y < 28; y++) { // a 7, boxed and centered
      pixels.append(y == 0 ? "[" : ",[");
      for (int x = 0; x < 28; x++) {
        boolean bar = y >= 4 && y < 7 && x >= 8 && x < 21;
        boolean leg = y >= 4 && y < 24 && Math.abs(x - (20 - (y - 4) * 0.45)) < 1.5;
        pixels.append(x == 0 ? "" : ",").append(bar || leg ? 255 : 0);
      }
      pixels.append(']');
    }
    String body = pixels.append("]}").toString();
    String head =
        "POST /api/predict?top=1 HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(url.getHost(), url.getPort(), body.length());
    return (head + body).getBytes(StandardCharsets.US_ASCII);
  }

  private record Times(long[] nanos, int failed, double seconds) {
    void print(int clients, double rate) {
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      System.out.printf(
          "%d clients%s: %.0f predictions/s, p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, longest %.2f ms, %d failed%n",
          clients,
          rate > 0 ? ", %.0f/s asked".formatted(rate) : "",
          nanos.length / seconds,
          at(sorted, 0.5),
          at(sorted, 0.9),
          at(sorted, 0.99),
          at(sorted, 1),
          failed);
    }

    private static double at(long[] sorted, double share) {
      return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
    }
  }

  private static Times run(URI url, byte[] request, int clients, double seconds, double rate)
      throws Exception {
    long[] nanos = new long[MOST];
    AtomicInteger count = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    AtomicLong turn = new AtomicLong();
    CountDownLatch done = new CountDownLatch(clients);
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    for (int i = 0; i < clients; i++) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                  socket.setTcpNoDelay(true);
                  OutputStream out = socket.getOutputStream();
                  InputStream in = socket.getInputStream();
                  byte[] buffer = new byte[8192];
                  while (true) {
                    long due = System.nanoTime();
                    if (rate > 0) {
                      due = start + (long) (turn.getAndIncrement() * 1e9 / rate);
                      while (System.nanoTime() < due) {
                        LockSupport.parkNanos(due - System.nanoTime());
                      }
                    }
                    if (due >= end) {
                      return;
                    }
                    out.write(request);
                    if (!answered(in, buffer)) {
                      failed.incrementAndGet();
                    }
                    int n = count.getAndIncrement();
                    if (n < MOST) {
                      nanos[n] = System.nanoTime() - due;
                    }
                  }
                } catch (IOException e) {
                  failed.incrementAndGet();
                } finally {
                  done.countDown();
                }
              });
      thread.start();
    }
    done.await();
    return new Times(
        Arrays.copyOf(nanos, Math.min(MOST, count.get())),
        failed.get(),
        (System.nanoTime() - start) / 1e9);
  }

  /** Reads one answer, which ends with its JSON's last brace; true if it is a 200. */
  private static boolean answered(InputStream in, byte[] buffer) throws IOException {
    int n = 0;
    do {
      int got = in.read(buffer, n, buffer.length - n);
      if (got < 0) {
        throw new IOException("the server hung up");
      }
      n += got;
    } while (buffer[n - 1] != '}');
    return n > 12 && buffer[9] == '2';
  }
}
