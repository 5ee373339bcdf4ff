package org.fastai4j.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataSource;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.data.OfflineException;
import org.fastai4j.data.ProgressBar;
import org.fastai4j.data.URLs;
import org.fastai4j.vision.Image;

/** The images that {@code --data} names: where they are, and what they look like. */
final class ImageFolder {
  private static final int LOOKED_AT = 16;
  private static final int COLORED = 16;
  private static final Pattern ARCHIVE = Pattern.compile("(?i)\\.(tgz|tar|gz|zip)$");

  private final Path path;
  private final List<Path> files;

  private ImageFolder(Path path) {
    this.path = path;
    files =
        ItemPaths.getImageFiles(path).stream().sorted(Comparator.comparing(this::name)).toList();
    if (files.isEmpty()) {
      throw new CliException(
          Main.USAGE,
          "--data "
              + path
              + ": no images (PNG, JPEG, GIF, BMP, TIFF or WebP); each class has a folder of them");
    }
  }

  /** Finds the folder; a data set is downloaded or drawn, an archive unpacked, once. */
  static ImageFolder find(String data, Terminal terminal, boolean quiet) {
    DataCache cache = DataCache.standard();
    DataCache told =
        quiet
            ? cache
            : cache.withProgress(new ProgressBar(terminal.err(), terminal.errIsTerminal()));
    return new ImageFolder(
        URLs.find(data)
            .map(url -> untarData(told, url))
            .orElseGet(
                () -> {
                  Path path = Path.of(data);
                  if (!Files.exists(path)) {
                    throw new CliException(
                        Main.USAGE, "--data " + data + ": no such data set, folder or archive");
                  }
                  return Files.isDirectory(path) ? path : unpacked(path, told);
                }));
  }

  private static Path untarData(DataCache cache, DataSource named) {
    try {
      return cache.untarData(named);
    } catch (OfflineException e) { // the data asked for by name is a missing input
      throw new CliException(Main.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static Path unpacked(Path file, DataCache cache) {
    try {
      return cache.untarData(file);
    } catch (DataException e) {
      String message = String.valueOf(e.getMessage());
      if (ARCHIVE.matcher(file.toString()).find()) {
        throw message.startsWith(file.toString()) // it is wrong with the file, not with the disk
            ? new CliException(Main.USAGE, message, e)
            : e;
      }
      throw new CliException(
          Main.USAGE,
          "--data " + file + " is no archive; name a folder of images, or a .tgz or .zip of one");
    }
  }

  Path path() {
    return path;
  }

  /** All images below the folder, by name. */
  List<Path> files() {
    return files;
  }

  /**
   * SHA-256 over the names below the folder, in their order, and the sizes of the files: it tells
   * data sets apart, not edited pixels.
   */
  String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        String line = name(file) + "\t" + Files.size(file) + "\n";
        sha.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String name(Path file) {
    return path.relativize(file).toString().replace('\\', '/');
  }

  /**
   * What some of the images look like.
   *
   * @param grey whether none has a color
   * @param alike whether all have one size
   * @param width of the first
   * @param height of the first
   * @param side the median of their shorter sides
   */
  record Look(boolean grey, boolean alike, int width, int height, int side) {}

  /** Looks at a few images, evenly spread over the folder; at those that can be read, if asked. */
  Look look(boolean skipCorrupt) {
    int n = Math.min(LOOKED_AT, files.size());
    List<Image> some =
        IntStream.range(0, n)
            .parallel()
            .mapToObj(i -> files.get((int) ((long) i * files.size() / n)))
            .flatMap(file -> open(file, skipCorrupt))
            .toList();
    if (some.isEmpty()) {
      throw new DataException("none of %d images looked at can be read in %s".formatted(n, path));
    }
    Image first = some.get(0);
    return new Look(
        some.stream().allMatch(ImageFolder::isGrey),
        some.stream().allMatch(i -> i.width() == first.width() && i.height() == first.height()),
        first.width(),
        first.height(),
        some.stream()
            .map(i -> Math.min(i.width(), i.height()))
            .sorted()
            .toList()
            .get(some.size() / 2));
  }

  private static Stream<Image> open(Path file, boolean skipCorrupt) {
    try {
      return Stream.of(Image.open(file));
    } catch (DataException e) {
      if (skipCorrupt) {
        return Stream.empty();
      }
      throw e;
    }
  }

  private static boolean isGrey(Image image) {
    if (image.channels() == 1) {
      return true;
    }
    byte[] rgb = image.toBytes();
    for (int i = 0; i < rgb.length; i += 3) {
      int r = rgb[i] & 0xFF;
      int g = rgb[i + 1] & 0xFF;
      int b = rgb[i + 2] & 0xFF;
      if (Math.max(r, Math.max(g, b)) - Math.min(r, Math.min(g, b)) > COLORED) {
        return false;
      }
    }
    return true;
  }
}
