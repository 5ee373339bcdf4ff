package org.fastai4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fastai4j.data.DataSource.Download;
import org.fastai4j.data.DataSource.Drawn;

/**
 * fastai's cache of data sets: archives in {@code archive/}, what they hold in {@code data/}.
 *
 * <p>A data set is made beside its place, in {@code data/.fastai4j/}, and moved there when it is
 * whole; so one that is there is complete, and no two threads or processes make the same one.
 * Options hold for the cache that the {@code with} methods return and for nothing else.
 */
public final class DataCache {
  private static final int DIGESTED = 1 << 20;
  private static final String DEFAULT_CONFIG =
      "[DEFAULT]\ndata = data\narchive = archive\nstorage = tmp\nmodel = models\n\n";

  private final Path home;
  private final Progress progress;
  private final ArchiveLimits limits;
  private final boolean force;
  private final Downloader downloader;

  private DataCache(
      Path home, Progress progress, ArchiveLimits limits, boolean force, Downloader downloader) {
    this.home = home;
    this.progress = progress;
    this.limits = limits;
    this.force = force;
    this.downloader = downloader;
  }

  /** The cache at the environment's {@code FASTAI_HOME}, else at {@code ~/.fastai}. */
  public static DataCache standard() {
    return standard(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static DataCache standard(Map<String, String> environment, Path userHome) {
    String home = environment.getOrDefault("FASTAI_HOME", "");
    return at(home.isBlank() ? userHome.resolve(".fastai") : expand(home, userHome));
  }

  /** The cache at {@code home}, with the standard progress bar. */
  public static DataCache at(Path home) {
    return new DataCache(
        home.toAbsolutePath().normalize(),
        ProgressBar.standard(),
        ArchiveLimits.DEFAULT,
        false,
        new Downloader());
  }

  /** This cache, reporting to {@code progress}. */
  public DataCache withProgress(Progress progress) {
    return new DataCache(home, progress, limits, force, downloader);
  }

  /** This cache, unpacking at most so much. */
  public DataCache withLimits(ArchiveLimits limits) {
    return new DataCache(home, progress, limits, force, downloader);
  }

  /** This cache, getting anew what it has already. */
  public DataCache withForcedDownload() {
    return new DataCache(home, progress, limits, true, downloader);
  }

  DataCache withDownloader(Downloader downloader) {
    return new DataCache(home, progress, limits, force, downloader);
  }

  /**
   * The folder that {@code config.ini} gives for {@code data}, {@code archive}, {@code storage} or
   * {@code model}; relative ones lie below the cache's home. A missing file is written first.
   */
  public Path folder(String key) {
    Path file = home.resolve("config.ini");
    String config = DEFAULT_CONFIG;
    try {
      if (Files.exists(file)) {
        config += Files.readString(file);
      } else {
        Files.createDirectories(home);
        Files.writeString(file, DEFAULT_CONFIG, StandardOpenOption.CREATE_NEW);
      }
    } catch (IOException e) {
      if (Files.exists(file) && !Files.isReadable(file)) {
        throw new DataException("cannot read " + file + ": " + e.getMessage(), e);
      }
      // Another process has just written it, or nothing can be written here: the defaults hold.
    }
    return config
        .lines()
        .map(line -> line.split("[=:]", 2))
        .filter(pair -> pair.length == 2 && pair[0].strip().equalsIgnoreCase(key))
        .reduce((first, last) -> last)
        .map(pair -> home.resolve(expand(pair[1].strip(), userHome())))
        .orElseThrow(() -> new DataException(file + " has no key '" + key + "'"));
  }

  /**
   * The folder of a data set, which is brought first if it is not there.
   *
   * <p>A download's archive is checked against its size and digest and kept in {@code archive/}.
   *
   * @throws OfflineException if it has to be downloaded and there is no network
   */
  public Path untarData(DataSource source) {
    if (source instanceof Drawn drawn) {
      return provide(
          drawn.name() + "-v" + drawn.version(),
          fresh -> {
            drawn.drawer().draw(fresh, progress);
            return fresh;
          });
    }
    return provide(source.name(), fresh -> fetchAndUnpack((Download) source, fresh));
  }

  /** What lies at an http, https or file address; see {@link #untarData(DataSource)}. */
  public Path untarData(URI address) {
    if ("file".equalsIgnoreCase(address.getScheme())) {
      return untarData(Path.of(address));
    }
    return untarData(
        URLs.all().stream()
            .filter(known -> known instanceof Download d && d.uri().equals(address))
            .findFirst()
            .orElseGet(() -> new Download(address)));
  }

  /** What lies at an http, https or file address; see {@link #untarData(DataSource)}. */
  public Path untarData(String address) {
    try {
      return untarData(new URI(address));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new DataException(
          "not an http, https or file address: " + address + " (give a local archive as a Path)",
          e);
    }
  }

  /**
   * What a local archive holds, in {@code data/} under its name and the beginning of its content's
   * SHA-256, such as {@code mnist_sample-1a2b3c4d}: archives that differ never share a folder.
   */
  public Path untarData(Path archive) {
    if (!Files.isRegularFile(archive)) {
      throw new DataException(
          Files.isDirectory(archive)
              ? archive + " is a folder: it needs no unpacking, use it as it is"
              : "no archive at " + archive.toAbsolutePath());
    }
    String key =
        DataSource.stem(archive.getFileName().toString())
            + "-"
            + digest(archive, "SHA-256", Long.MAX_VALUE).substring(0, 8);
    return provide(key, fresh -> unpack(archive, fresh));
  }

  /**
   * The file of a model at an http or https address, kept in {@code models/}; brought first if it
   * is not there, or is not what it should be.
   *
   * @param sha256 the beginning of its SHA-256 in hexadecimal; empty: whatever comes is taken
   * @throws OfflineException if it has to be downloaded and there is no network
   */
  public Path model(URI address, String sha256) {
    Path models = folder("model");
    Path target = models.resolve(new Download(address).fileName());
    Folders.create(models);
    Runnable onWait =
        () ->
            progress.notice(
                "waiting for another thread or process that is getting " + target.getFileName());
    try (var lock = CacheLock.take(models.resolve("." + target.getFileName() + ".lock"), onWait)) {
      String rejected = "";
      if (!force && Files.exists(target)) {
        rejected = wrongDigest(target, "SHA-256", Long.MAX_VALUE, sha256);
        if (rejected.isEmpty()) {
          return target;
        }
        progress.notice(rejected + "; fetching it again");
      }
      fetch(
          address, target, rejected, file -> wrongDigest(file, "SHA-256", Long.MAX_VALUE, sha256));
      return target;
    } finally {
      progress.finish();
    }
  }

  /**
   * Whether a file's SHA-256 begins with {@code sha256}, in hexadecimal, as PyTorch's names of
   * weights promise: {@code resnet18-f37072fd.pth}.
   */
  public static boolean hasDigest(Path file, String sha256) {
    return wrongDigest(file, "SHA-256", Long.MAX_VALUE, sha256).isEmpty();
  }

  /** Fills an empty folder, and tells what is to be moved into place: that folder or one in it. */
  @FunctionalInterface
  private interface Filler {
    Path fill(Path fresh);
  }

  private Path provide(String key, Filler filler) {
    Path data = folder("data");
    Path target = data.resolve(key);
    if (!force && Folders.holdsSomething(target)) {
      return target;
    }
    Path work = data.resolve(".fastai4j");
    Path fresh = work.resolve(key + ".new");
    Path old = work.resolve(key + ".old");
    Folders.create(work);
    Runnable onWait =
        () -> progress.notice("waiting for another thread or process that is getting " + key);
    try (var lock = CacheLock.take(work.resolve(key + ".lock"), onWait)) {
      if (!force && Folders.holdsSomething(target)) {
        return target;
      }
      Folders.delete(fresh); // left by a process that was killed
      Folders.delete(old);
      try {
        Folders.create(fresh);
        Path made = filler.fill(fresh);
        if (Files.exists(target)) {
          Folders.move(target, old);
        }
        Folders.move(made, target);
        return target;
      } finally {
        progress.finish();
        Folders.delete(fresh);
        Folders.delete(old);
      }
    }
  }

  private Path fetchAndUnpack(Download source, Path fresh) {
    Path archive = folder("archive").resolve(source.fileName());
    String rejected = "";
    if (!force && Files.exists(archive)) {
      rejected = mismatch(source, archive);
      if (rejected.isEmpty()) {
        try {
          return unpack(archive, fresh);
        } catch (Archives.DamagedException e) {
          rejected = String.valueOf(e.getMessage());
          Folders.delete(fresh);
          Folders.create(fresh);
        }
      }
      progress.notice(rejected + "; fetching it again");
    }
    fetch(source.uri(), archive, rejected, file -> mismatch(source, file));
    try {
      return unpack(archive, fresh);
    } catch (Archives.DamagedException e) {
      Folders.delete(archive);
      throw e;
    }
  }

  /** Downloads {@code uri} to {@code target}; {@code mismatch} tells what is wrong, or nothing. */
  private void fetch(URI uri, Path target, String rejected, Function<Path, String> mismatch) {
    String name = target.getFileName().toString();
    Path part = target.resolveSibling(name + ".part");
    Folders.create(target.resolveSibling(""));
    try {
      downloader.download(uri, part, progress);
    } catch (OfflineException e) {
      String advice =
          rejected.isEmpty()
              ? "; with no network, put %s at %s by hand".formatted(name, target)
              : "; and " + rejected + ": to use it nevertheless, give its path instead of the name";
      throw new OfflineException(e.getMessage() + advice, e);
    }
    String wrong = mismatch.apply(part);
    if (!wrong.isEmpty()) {
      Folders.delete(part);
      throw new DataException(
          "what came from " + uri + " is not what was expected and was deleted: " + wrong);
    }
    Folders.move(part, target);
  }

  private Path unpack(Path archive, Path fresh) {
    Archives.unpack(archive, fresh, limits, progress);
    try (Stream<Path> children = Files.list(fresh)) {
      List<Path> roots = children.limit(2).toList();
      return roots.size() == 1 ? roots.get(0) : fresh;
    } catch (IOException e) {
      throw new DataException("cannot list " + fresh + ": " + e.getMessage(), e);
    }
  }

  /** What is wrong with an archive by its size and the digest of its first MiB, or nothing. */
  private static String mismatch(Download source, Path archive) {
    try {
      long bytes = Files.size(archive);
      if (source.bytes() > 0 && bytes != source.bytes()) {
        return "%s has %d bytes instead of %d".formatted(archive, bytes, source.bytes());
      }
    } catch (IOException e) {
      throw new DataException("cannot read " + archive + ": " + e.getMessage(), e);
    }
    return wrongDigest(archive, "MD5", DIGESTED, source.md5());
  }

  /** What is wrong with the digest of a file's first bytes, or nothing. */
  private static String wrongDigest(Path file, String algorithm, long bytes, String begin) {
    String digest = begin.isEmpty() ? "" : digest(file, algorithm, bytes);
    return digest.startsWith(begin)
        ? ""
        : "%s has the %s %s instead of %s"
            .formatted(file, algorithm, digest, begin + (begin.length() < 32 ? "..." : ""));
  }

  private static String digest(Path file, String algorithm, long bytes) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      byte[] buffer = new byte[1 << 16];
      long left = bytes;
      for (int n; left > 0 && (n = in.read(buffer, 0, (int) Math.min(left, buffer.length))) > 0; ) {
        digest.update(buffer, 0, n);
        left -= n;
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has MD5 and SHA-256
    }
  }

  private static Path userHome() {
    return Path.of(System.getProperty("user.home"));
  }

  private static Path expand(String path, Path userHome) {
    return path.equals("~") || path.startsWith("~/")
        ? userHome.resolve(path.substring(Math.min(2, path.length())))
        : Path.of(path);
  }
}
