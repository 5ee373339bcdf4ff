package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.fastai4j.data.DataSource.Download;
import org.fastai4j.data.DataSource.Drawn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCacheTest {
  @FunctionalInterface
  private interface Answer {
    void to(HttpExchange exchange) throws Exception;
  }

  private final Path temp;
  private final Path home;
  private final HttpServer server;
  private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
  private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> pauses = new ArrayList<>();
  private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
  private final DataCache cache;

  DataCacheTest(@TempDir Path temp) throws IOException {
    this.temp = temp;
    home = temp.resolve("home");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
    var progress =
        new Progress() {
          @Override
          public void update(String label, long done, long total) {}

          @Override
          public void notice(String line) {
            notices.add(line);
          }
        };
    cache =
        DataCache.at(home)
            .withProgress(progress)
            .withDownloader(new Downloader(Duration.ofSeconds(20), pauses::add));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Answers the n-th request with the n-th answer, and with the last one from then on. */
  private void answer(HttpExchange exchange) {
    try (exchange) {
      ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
      answers.get(Math.min(ranges.size(), answers.size()) - 1).to(exchange);
    } catch (Exception e) {
      notices.add("server: " + e);
    }
  }

  private static Answer whole(byte[] content) {
    return exchange -> {
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    };
  }

  /** Promises all of {@code content} and hangs up after {@code length} bytes. */
  private static Answer cut(byte[] content, int length) {
    return exchange -> {
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, length);
      exchange.getResponseBody().flush();
    };
  }

  private static Answer rest(byte[] content) {
    return exchange -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      assertThat(exchange.getRequestHeaders().getFirst("If-Range")).isEqualTo("\"1\"");
      int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
      exchange.sendResponseHeaders(206, content.length - from);
      exchange.getResponseBody().write(content, from, content.length - from);
    };
  }

  private static Answer status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  private URI address(String name) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/sets/" + name);
  }

  private Download checked(String name, byte[] content) throws Exception {
    byte[] md5 =
        MessageDigest.getInstance("MD5")
            .digest(Arrays.copyOf(content, Math.min(content.length, 1 << 20)));
    return new Download(address(name), content.length, HexFormat.of().formatHex(md5));
  }

  private static byte[] threeMegabytes() {
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    return new TestArchives().file("foo/noise", noise).tgz();
  }

  private List<String> filesBelow(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  @Test
  void downloadsOnceChecksAndUnpacks() throws Exception {
    answers.add(whole(TestArchives.foo()));
    Download foo = checked("foo.tgz", TestArchives.foo());
    assertThat(cache.untarData(foo)).isEqualTo(home.resolve("data/foo"));
    assertThat(cache.untarData(foo)).isEqualTo(home.resolve("data/foo"));
    assertThat(ranges).hasSize(1);
    assertThat(filesBelow(home))
        .containsExactly(
            "archive/foo.tgz",
            "config.ini",
            "data/.fastai4j/foo.lock",
            "data/foo/a.txt",
            "data/foo/bar/b.txt");
  }

  @Test
  void keepsTheWholeRootWhenItHoldsMoreThanOneEntry() {
    answers.add(whole(new TestArchives().file("x/1", "1").file("y/2", "2").tgz()));
    Path two = cache.untarData(address("two.tar.gz").toString());
    assertThat(two).isEqualTo(home.resolve("data/two"));
    assertThat(two.resolve("x/1")).hasContent("1");
    assertThat(two.resolve("y/2")).hasContent("2");
  }

  @Test
  void goesOnWhereACutDownloadEnded() throws Exception {
    byte[] content = threeMegabytes();
    answers.addAll(List.of(cut(content, 2_000_000), rest(content)));
    Path foo = cache.untarData(checked("foo.tgz", content));
    assertThat(foo.resolve("noise")).hasSize(3 << 20);
    assertThat(home.resolve("archive/foo.tgz")).hasBinaryContent(content);
    assertThat(ranges).hasSize(2).first().isEqualTo("null");
    assertThat(ranges.get(1)).matches("bytes=[1-9]\\d*-");
  }

  @Test
  void startsOverWhenTheServerSendsNoParts() throws Exception {
    byte[] content = threeMegabytes();
    answers.addAll(List.of(cut(content, 2_000_000), whole(content)));
    cache.untarData(checked("foo.tgz", content));
    assertThat(home.resolve("archive/foo.tgz")).hasBinaryContent(content);
    assertThat(ranges).hasSize(2);
  }

  @Test
  void startsOverWhenThereIsNoSuchPart() throws Exception {
    byte[] content = threeMegabytes();
    answers.addAll(List.of(cut(content, 2_000_000), status(416), whole(content)));
    cache.untarData(checked("foo.tgz", content));
    assertThat(home.resolve("archive/foo.tgz")).hasBinaryContent(content);
    assertThat(ranges).hasSize(3).last().isEqualTo("null");
  }

  @Test
  void triesAgainAfterAsLongAsTheServerAsks() {
    answers.addAll(
        List.of(status(503), status(429, "Retry-After", "7"), whole(TestArchives.foo())));
    cache.untarData(address("foo.tgz"));
    assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(7));
    assertThat(notices.get(0))
        .isEqualTo(address("foo.tgz") + ": the server answered with status 503; trying again");
  }

  @Test
  void givesUpAfterFiveAttempts() {
    answers.add(status(503));
    assertThatThrownBy(() -> cache.untarData(address("foo.tgz")))
        .isInstanceOf(DataException.class)
        .isNotInstanceOf(OfflineException.class)
        .hasMessage(
            "cannot download " + address("foo.tgz") + ": the server answered with status 503");
    assertThat(ranges).hasSize(5);
    assertThat(pauses).extracting(Duration::toMillis).containsExactly(500L, 1000L, 2000L, 4000L);
  }

  @Test
  void doesNotWaitForHours() {
    answers.add(status(503, "Retry-After", "7200"));
    assertThatThrownBy(() -> cache.untarData(address("foo.tgz")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("try again in 7200 s");
    assertThat(pauses).isEmpty();
  }

  @Test
  void triesAMissingAddressOnce() {
    answers.add(status(404));
    assertThatThrownBy(() -> cache.untarData(address("foo.tgz")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("status 404; check the address");
    assertThat(ranges).hasSize(1);
  }

  @Test
  void followsARedirect() {
    answers.addAll(
        List.of(
            status(302, "Location", address("elsewhere").toString()), whole(TestArchives.foo())));
    assertThat(cache.untarData(address("foo.tgz")).resolve("a.txt")).hasContent("A");
  }

  @Test
  void deletesWhatHasTheWrongDigest() throws Exception {
    byte[] other = TestArchives.foo();
    other[20] ^= 1;
    answers.add(whole(other));
    Download foo = checked("foo.tgz", TestArchives.foo());
    String actual = checked("foo.tgz", other).md5();
    assertThatThrownBy(() -> cache.untarData(foo))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has the MD5 " + actual + " instead of " + foo.md5());
    assertThat(filesBelow(home)).containsExactly("config.ini", "data/.fastai4j/foo.lock");
  }

  @Test
  void deletesWhatHasTheWrongSize() throws Exception {
    byte[] content = TestArchives.foo();
    answers.add(whole(Arrays.copyOf(content, 50)));
    Download foo = checked("foo.tgz", content);
    assertThatThrownBy(() -> cache.untarData(foo))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has 50 bytes instead of " + content.length);
    assertThat(filesBelow(home)).containsExactly("config.ini", "data/.fastai4j/foo.lock");
  }

  @Test
  void deletesADownloadThatIsNoArchive() throws Exception {
    answers.add(whole("<html>log in</html>".getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> cache.untarData(address("foo.tgz")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no tar, tar.gz or zip archive");
    assertThat(filesBelow(home)).containsExactly("config.ini", "data/.fastai4j/foo.lock");
  }

  @Test
  void usesAnArchiveThatIsThereAlready() throws Exception {
    TestArchives.write(
        Files.createDirectories(home.resolve("archive")).resolve("foo.tgz"), TestArchives.foo());
    assertThat(cache.untarData(checked("foo.tgz", TestArchives.foo())).resolve("a.txt"))
        .hasContent("A");
    assertThat(ranges).isEmpty();
  }

  @Test
  void fetchesACorruptedArchiveAgain() throws Exception {
    byte[] content = TestArchives.foo();
    byte[] corrupted = content.clone();
    corrupted[content.length - 6] ^= 1;
    Path archive = Files.createDirectories(home.resolve("archive")).resolve("foo.tgz");
    for (DataSource foo : List.of(checked("foo.tgz", content), new Download(address("foo.tgz")))) {
      Folders.delete(home.resolve("data"));
      TestArchives.write(archive, corrupted);
      answers.add(whole(content));
      cache.untarData(foo);
      assertThat(archive).hasBinaryContent(content);
    }
    assertThat(ranges).hasSize(2);
    assertThat(notices.get(0)).contains("has the MD5").endsWith("; fetching it again");
    assertThat(notices.get(1)).contains("is cut short or damaged").endsWith("; fetching it again");
  }

  @Test
  void replacesWhatIsThereWhenForced() throws Exception {
    answers.addAll(
        List.of(whole(TestArchives.foo()), whole(new TestArchives().file("foo/new", "N").tgz())));
    cache.untarData(address("foo.tgz"));
    cache.withForcedDownload().untarData(address("foo.tgz"));
    assertThat(filesBelow(home.resolve("data"))).containsExactly(".fastai4j/foo.lock", "foo/new");
    cache.untarData(address("foo.tgz"));
    assertThat(ranges).as("the option does not stay").hasSize(2);
  }

  @Test
  void clearsUpAfterAProcessThatWasKilled() throws Exception {
    Path left = Files.createDirectories(home.resolve("data/.fastai4j/foo.new/foo"));
    TestArchives.write(left.resolve("half"), new byte[1]);
    answers.add(whole(TestArchives.foo()));
    cache.untarData(address("foo.tgz"));
    assertThat(filesBelow(home.resolve("data")))
        .containsExactly(".fastai4j/foo.lock", "foo/a.txt", "foo/bar/b.txt");
  }

  @Test
  void tellsWhereToPutTheArchiveWhenThereIsNoNetwork() {
    URI closed = address("foo.tgz");
    server.stop(0);
    assertThatThrownBy(() -> cache.untarData(closed))
        .isInstanceOf(OfflineException.class)
        .hasMessageStartingWith("cannot reach 127.0.0.1")
        .hasMessageEndingWith(
            "with no network, put foo.tgz at %s by hand", home.resolve("archive/foo.tgz"));
    assertThat(pauses).isEmpty();
  }

  @Test
  void tellsWhyAnArchivePutByHandWasNotTakenWhenThereIsNoNetwork() throws Exception {
    Download foo = checked("foo.tgz", TestArchives.foo());
    server.stop(0);
    Path archive = Files.createDirectories(home.resolve("archive")).resolve("foo.tgz");
    TestArchives.write(archive, new byte[3]);
    assertThatThrownBy(() -> cache.untarData(foo))
        .isInstanceOf(OfflineException.class)
        .hasMessageContaining("foo.tgz has 3 bytes instead of " + foo.bytes());
    assertThat(archive).exists();
  }

  @Test
  void takesAnUnknownHostAndARefusingProxyForNoNetwork() {
    assertThat(Downloader.isUnreachable(new IOException(new UnresolvedAddressException())))
        .isTrue();
    assertThat(Downloader.isUnreachable(new IOException("Tunnel failed, got: 403"))).isTrue();
    assertThat(Downloader.isUnreachable(new SSLException("no common protocol"))).isTrue();
    assertThat(Downloader.isUnreachable(new IOException("connection reset"))).isFalse();
  }

  @Test
  void givesUpOnAServerThatFallsSilent() {
    var release = new CountDownLatch(1);
    answers.add(
        exchange -> {
          cut(TestArchives.foo(), 10).to(exchange);
          release.await();
        });
    var impatient =
        cache.withDownloader(new Downloader(Duration.ofMillis(1500), pause -> release.countDown()));
    answers.add(whole(TestArchives.foo()));
    assertThat(impatient.untarData(address("foo.tgz")).resolve("a.txt")).hasContent("A");
    assertThat(notices.get(0)).contains("no data for");
  }

  @Test
  void stopsWhenTheThreadIsInterrupted() throws Exception {
    Thread here = Thread.currentThread();
    var release = new CountDownLatch(1);
    answers.add(
        exchange -> {
          here.interrupt();
          release.await();
        });
    assertThatThrownBy(() -> cache.untarData(address("foo.tgz")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("interrupted while downloading");
    assertThat(Thread.interrupted()).isTrue();
    release.countDown();
    assertThat(home.resolve("data/foo")).doesNotExist();
  }

  @Test
  void twoThreadsDownloadOnce() {
    var waiting = new CountDownLatch(1);
    var started = new CountDownLatch(1);
    answers.add(
        exchange -> {
          started.countDown();
          waiting.await();
          whole(TestArchives.foo()).to(exchange);
        });
    var first = CompletableFuture.supplyAsync(() -> cache.untarData(address("foo.tgz")));
    var noticing =
        new Progress() {
          @Override
          public void update(String label, long done, long total) {}

          @Override
          public void notice(String line) {
            notices.add(line);
            waiting.countDown();
          }
        };
    var second =
        CompletableFuture.supplyAsync(
            () -> {
              await(started);
              return cache.withProgress(noticing).untarData(address("foo.tgz"));
            });
    assertThat(first.join()).isEqualTo(second.join()).isDirectory();
    assertThat(ranges).hasSize(1);
    assertThat(notices)
        .containsExactly("waiting for another thread or process that is getting foo");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void twoProcessesDownloadOnce() throws Exception {
    var waiting = new CountDownLatch(1);
    var started = new CountDownLatch(1);
    answers.add(
        exchange -> {
          started.countDown();
          waiting.await();
          whole(TestArchives.foo()).to(exchange);
        });
    Process first = untarInAnotherProcess();
    started.await();
    Process second = untarInAnotherProcess();
    try (BufferedReader a = output(first);
        BufferedReader b = output(second)) {
      assertThat(b.readLine())
          .isEqualTo("waiting for another thread or process that is getting foo");
      waiting.countDown();
      assertThat(a.readLine()).isEqualTo(home.resolve("data/foo").toString());
      assertThat(b.readLine()).isEqualTo(home.resolve("data/foo").toString());
    } finally {
      waiting.countDown();
      first.waitFor();
      second.waitFor();
    }
    assertThat(ranges).hasSize(1);
  }

  private Process untarInAnotherProcess() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            UntarMain.class.getName(),
            home.toString(),
            address("foo.tgz").toString())
        .redirectErrorStream(true)
        .start();
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  @Test
  void drawsABuiltInSetOnceForEachVersion() {
    DataSource.Drawer drawer =
        (folder, progress) -> TestArchives.write(folder.resolve("1"), new byte[1]);
    DataSource.Drawer never =
        (folder, progress) -> {
          throw new IllegalStateException("drawn twice");
        };
    Path one = cache.untarData(new Drawn("drawn", 1, drawer));
    assertThat(one).isEqualTo(home.resolve("data/drawn-v1"));
    assertThat(one.resolve("1")).exists();
    assertThat(cache.untarData(new Drawn("drawn", 1, never))).isEqualTo(one);
    assertThat(cache.untarData(new Drawn("drawn", 2, drawer))).isNotEqualTo(one);
  }

  @Test
  void leavesNothingOfADrawingThatFailed() throws Exception {
    DataSource.Drawer failing =
        (folder, progress) -> {
          TestArchives.write(folder.resolve("1"), new byte[1]);
          throw new DataException("out of ink");
        };
    assertThatThrownBy(() -> cache.untarData(new Drawn("drawn", 1, failing)))
        .hasMessage("out of ink");
    assertThat(filesBelow(home)).containsExactly("config.ini", "data/.fastai4j/drawn-v1.lock");
  }

  @Test
  void unpacksALocalArchiveByNameAndContent() throws Exception {
    Path archive = TestArchives.write(temp.resolve("foo.tgz"), TestArchives.foo());
    Path one = cache.untarData(archive);
    assertThat(one.getParent()).isEqualTo(home.resolve("data"));
    assertThat(one.getFileName().toString()).matches("foo-[0-9a-f]{8}");
    FileTime made = Files.getLastModifiedTime(one);
    assertThat(cache.untarData(archive.toUri())).isEqualTo(one);
    assertThat(Files.getLastModifiedTime(one)).isEqualTo(made);

    TestArchives.write(archive, new TestArchives().file("foo/c", "C").tgz());
    Path other = cache.untarData(archive);
    assertThat(other).isNotEqualTo(one);
    assertThat(other.resolve("c")).hasContent("C");
  }

  @Test
  void keepsADamagedLocalArchiveAndLeavesNoData() throws Exception {
    byte[] half = Arrays.copyOf(TestArchives.foo(), 90);
    Path archive = TestArchives.write(temp.resolve("foo.tgz"), half);
    assertThatThrownBy(() -> cache.untarData(archive))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(archive + " is cut short or damaged");
    assertThat(archive).hasBinaryContent(half);
    assertThat(filesBelow(home)).hasSize(2).allMatch(f -> f.matches("config.ini|.*\\.lock"));
  }

  @Test
  void tellsWhatIsWrongWithAPathOrAnAddress() {
    assertThatThrownBy(() -> cache.untarData(temp.resolve("none.tgz")))
        .isInstanceOf(DataException.class)
        .hasMessage("no archive at " + temp.resolve("none.tgz"));
    assertThatThrownBy(() -> cache.untarData(temp))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is a folder: it needs no unpacking");
    for (String address : List.of("mnist", "ftp://host/a.tgz", "https://host/", "a b", "http:x")) {
      assertThatThrownBy(() -> cache.untarData(address))
          .as(address)
          .isInstanceOf(DataException.class)
          .hasMessageContaining(address);
    }
  }

  @Test
  void tellsWhichFolderCannotBeWritten() throws Exception {
    Path file = TestArchives.write(temp.resolve("file"), new byte[0]);
    Path archive = TestArchives.write(temp.resolve("foo.tgz"), TestArchives.foo());
    assertThatThrownBy(() -> DataCache.at(file.resolve("home")).untarData(archive))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("cannot write to " + file.resolve("home"));
  }

  @Test
  void tellsWhenTheDiskIsFull() throws Exception {
    byte[] content = threeMegabytes();
    Path archive = TestArchives.write(temp.resolve("foo.tgz"), content);
    answers.add(whole(content));
    Files.createDirectories(home);
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", home.toString()), "no mount");
    try {
      for (boolean local : new boolean[] {true, false}) {
        assertThatThrownBy(() -> cache.untarData(local ? archive.toUri() : address("foo.tgz")))
            .isInstanceOf(DataException.class)
            .hasMessageStartingWith("cannot write to " + home.resolve(local ? "data" : "archive"))
            .hasMessageContaining("No space left on device");
        assertThat(filesBelow(home)).allMatch(name -> name.matches("config.ini|.*\\.lock"));
      }
    } finally {
      run("umount", home.toString());
    }
  }

  @Test
  void tellsThatAFolderIsReadOnly() throws Exception {
    Path archive = TestArchives.write(temp.resolve("foo.tgz"), TestArchives.foo());
    Files.createDirectories(home);
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", home.toString()), "no mount");
    try {
      assertThatThrownBy(() -> cache.untarData(archive))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("cannot write to " + home)
          .hasMessageContaining("Read-only file system");
    } finally {
      run("umount", home.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) { // no such command here
      return false;
    }
  }

  @Test
  void downloadsAModelOnceAndChecksItsDigest() throws Exception {
    byte[] weights = {1, 2, 3};
    answers.add(whole(weights));
    URI address = address("tiny-039058c6.pth");
    Path file = cache.model(address, "039058c6"); // the SHA-256 of 1, 2, 3
    assertThat(file).isEqualTo(home.resolve("models/tiny-039058c6.pth")).hasBinaryContent(weights);
    assertThat(cache.model(address, "039058c6")).isEqualTo(file);
    assertThat(ranges).hasSize(1);
    Files.write(file, new byte[] {1, 2});
    assertThat(DataCache.hasDigest(file, "039058c6")).isFalse();
    cache.model(address, "039058c6");
    assertThat(ranges).hasSize(2);
    assertThat(DataCache.hasDigest(file, "039058c6")).isTrue();
    assertThat(notices).anyMatch(n -> n.endsWith("instead of 039058c6...; fetching it again"));
  }

  @Test
  void deletesAModelWithTheWrongDigest() throws Exception {
    answers.add(whole(new byte[] {4}));
    assertThatThrownBy(() -> cache.model(address("tiny.pth"), "039058c6"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not what was expected and was deleted")
        .hasMessageEndingWith("instead of 039058c6...");
    assertThat(home.resolve("models/tiny.pth")).doesNotExist();
    assertThat(home.resolve("models/tiny.pth.part")).doesNotExist();
  }

  @Test
  void tellsWhereToPutAModelWhenThereIsNoNetwork() {
    server.stop(0);
    assertThatThrownBy(() -> cache.model(address("tiny.pth"), ""))
        .isInstanceOf(OfflineException.class)
        .hasMessageEndingWith(
            "with no network, put tiny.pth at " + home.resolve("models/tiny.pth") + " by hand");
  }

  @Test
  void writesAndReadsTheConfiguration() throws Exception {
    assertThat(cache.folder("model")).isEqualTo(home.resolve("models"));
    assertThat(home.resolve("config.ini"))
        .hasContent("[DEFAULT]\ndata = data\narchive = archive\nstorage = tmp\nmodel = models\n\n");
    Path elsewhere = temp.resolve("elsewhere");
    Files.writeString(
        home.resolve("config.ini"),
        "[DEFAULT]\n# data = no\ndata = " + elsewhere + "\narchive: a\n");
    assertThat(cache.folder("data")).isEqualTo(elsewhere);
    assertThat(cache.folder("archive")).isEqualTo(home.resolve("a"));
    assertThat(cache.folder("storage")).isEqualTo(home.resolve("tmp"));
    assertThatThrownBy(() -> cache.folder("cache"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has no key 'cache'");
  }

  @Test
  void liesAtFastaiHomeElseInTheUsersFolder() {
    assertThat(DataCache.standard(Map.of(), temp).folder("data"))
        .isEqualTo(temp.resolve(".fastai/data"));
    assertThat(DataCache.standard(Map.of("FASTAI_HOME", home.toString()), temp).folder("data"))
        .isEqualTo(home.resolve("data"));
    assertThat(DataCache.standard(Map.of("FASTAI_HOME", "~/f"), temp).folder("data"))
        .isEqualTo(temp.resolve("f/data"));
  }

  @Test
  void knowsItsDataSetsByName() {
    assertThat(URLs.find("mnist_sample")).contains(URLs.MNIST_SAMPLE);
    assertThat(URLs.find("digits")).contains(URLs.DIGITS);
    assertThat(URLs.find("no_such_set")).isEmpty();
  }

  @Test
  void unpacksTheRealMnistSample() {
    Path archive = Path.of(System.getProperty("fastai4j.shared"), "data", "mnist_sample.tgz");
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(Files.exists(archive), "no " + archive);
    }
    Path path = cache.untarData(archive);
    assertThat(ItemPaths.ls(path.resolve("train/3"))).hasSize(6131);
    assertThat(ItemPaths.ls(path.resolve("train/7"))).hasSize(6265);
    assertThat(ItemPaths.ls(path.resolve("valid/3"))).hasSize(1010);
    assertThat(ItemPaths.ls(path.resolve("valid/7"))).hasSize(1028);
    ItemPaths.basePath(path);
    try {
      assertThat(ItemPaths.ls(path.resolve("train/3")).toString())
          .startsWith("(#6131) [train/3/10.png,train/3/10000.png,train/3/10011.png,")
          .endsWith("...]");
    } finally {
      ItemPaths.clearBasePath();
    }
  }
}
