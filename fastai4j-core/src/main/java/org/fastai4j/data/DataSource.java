package org.fastai4j.data;

import java.net.URI;
import java.nio.file.Path;

/**
 * A data set that {@link ExternalData#untarData} can bring: {@link Download}ed or {@link Drawn}.
 */
public sealed interface DataSource {
  /** The name of its folder in the cache, such as {@code mnist_sample}. */
  String name();

  /**
   * An archive on the web.
   *
   * @param bytes its size, or 0 if nobody knows: then nothing is checked
   * @param md5 the MD5 of its first MiB in hexadecimal, as fastai's table holds it, or empty
   */
  record Download(URI uri, long bytes, String md5) implements DataSource {
    /** An archive whose size and digest are not known, so that whatever comes is taken. */
    public Download(URI uri) {
      this(uri, 0, "");
    }

    public Download {
      String scheme = String.valueOf(uri.getScheme());
      if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
        throw new DataException("not an http or https address: " + uri);
      }
      String file = fileName(uri);
      if (uri.getHost() == null || file.isEmpty() || file.startsWith(".")) {
        throw new DataException(
            "no archive's name in the address " + uri + ": give one like https://host/name.tgz");
      }
    }

    /** The file name of the archive, such as {@code mnist_sample.tgz}. */
    public String fileName() {
      return fileName(uri);
    }

    @Override
    public String name() {
      return stem(fileName());
    }

    private static String fileName(URI uri) {
      String path = String.valueOf(uri.getRawPath());
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * A data set that is drawn on the spot and needs no network.
   *
   * @param version what to raise when other images are drawn, so that no old ones are taken
   */
  record Drawn(String name, int version, Drawer drawer) implements DataSource {}

  /** Writes a data set into an empty folder. */
  @FunctionalInterface
  interface Drawer {
    void draw(Path folder, Progress progress);
  }

  /** A file name without its last extension, and without {@code .tar} before that. */
  static String stem(String fileName) {
    int dot = fileName.lastIndexOf('.');
    String stem = dot > 0 ? fileName.substring(0, dot) : fileName;
    return stem.endsWith(".tar") ? stem.substring(0, stem.length() - 4) : stem;
  }
}
