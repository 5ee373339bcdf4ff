package org.fastai4j.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists the files of a data set, always in the same order, and shows their paths in short. */
public final class ItemPaths {
  /**
   * The extensions of {@link #getImageFiles}: those of the formats that can be read. fastai's
   * depend on the machine's table of file types.
   */
  public static final Set<String> IMAGE_EXTENSIONS =
      Set.of("bmp", "gif", "jfif", "jpe", "jpeg", "jpg", "png", "tif", "tiff", "webp");

  private static volatile Optional<Path> basePath = Optional.empty();

  private ItemPaths() {}

  /**
   * The direct children of {@code folder}, sorted by name as strings ({@code 10.png} before {@code
   * 2.png}). fastai's come in whatever order the system has.
   */
  public static PathList ls(Path folder) {
    checkFolder(folder);
    try (Stream<Path> children = Files.list(folder)) {
      return sorted(children, child -> child.getFileName().toString());
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("cannot list the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * The files below {@code folder} with one of these extensions in any case (none given: all),
   * sorted by path. Links are followed, but not in a circle; names that begin with a dot are passed
   * over.
   */
  public static PathList getFiles(Path folder, String... extensions) {
    return getFiles(
        folder,
        Stream.of(extensions).map(e -> e.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
  }

  /** The images below {@code folder}, by {@link #IMAGE_EXTENSIONS}, sorted by path. */
  public static PathList getImageFiles(Path folder) {
    return getFiles(folder, IMAGE_EXTENSIONS);
  }

  /**
   * True if the name has one of {@link #IMAGE_EXTENSIONS}, in any case, and no dot in front. What
   * is in the file is not looked at.
   */
  public static boolean isImageFile(Path file) {
    return !hidden(file) && IMAGE_EXTENSIONS.contains(extension(file));
  }

  private static PathList getFiles(Path folder, Set<String> extensions) {
    checkFolder(folder);
    var files = Stream.<Path>builder();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              return hidden(dir) && !dir.equals(folder)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!hidden(file) && (extensions.isEmpty() || extensions.contains(extension(file)))) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof FileSystemLoopException) { // its files are listed where it leads to
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw new DataException("cannot list the files below " + folder + ": " + e.getMessage(), e);
    }
    return sorted(files.build(), file -> posix(folder.relativize(file)));
  }

  /** The name of the folder that {@code item} lies in, which is often its label. */
  public static String parentLabel(Path item) {
    Path parent = item.getParent();
    if (parent == null || parent.getFileName() == null) {
      throw new DataException("no parent folder to take a label from in the path '" + item + "'");
    }
    return parent.getFileName().toString();
  }

  /**
   * Shows paths relative to {@code base} from now on, in the whole process: fastai's {@code
   * Path.BASE_PATH}. Only how paths are shown changes.
   */
  public static void basePath(Path base) {
    basePath = Optional.of(base);
  }

  /** Shows paths in full again. */
  public static void clearBasePath() {
    basePath = Optional.empty();
  }

  /** The path in short: relative to the base path if it lies below it, and with {@code /}. */
  public static String display(Path path) {
    Path shown = basePath.filter(path::startsWith).map(base -> base.relativize(path)).orElse(path);
    return shown.toString().isEmpty() ? "." : posix(shown);
  }

  private record Keyed(String key, Path path) {}

  private static PathList sorted(Stream<Path> paths, Function<Path, String> key) {
    return PathList.of(
        paths
            .map(path -> new Keyed(key.apply(path), path))
            .sorted(Comparator.comparing(Keyed::key))
            .map(Keyed::path)
            .toList());
  }

  /** Fails with the nearest existing parent and what it holds, so that a wrong name shows. */
  private static void checkFolder(Path folder) {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new DataException("not a folder: " + folder);
    }
    Path parent = folder.toAbsolutePath().normalize();
    while (parent.getParent() != null && !Files.isDirectory(parent)) {
      parent = parent.getParent();
    }
    List<String> children;
    try (Stream<Path> list = Files.list(parent)) {
      children = list.map(child -> child.getFileName().toString()).sorted().limit(21).toList();
    } catch (IOException e) {
      throw new DataException("no folder " + folder + " (nor can " + parent + " be listed)", e);
    }
    String holds =
        children.isEmpty()
            ? "is empty"
            : "holds " + String.join(", ", children.subList(0, Math.min(20, children.size())));
    String more = children.size() > 20 ? ", ..." : "";
    throw new DataException("no folder " + folder + ": " + parent + " " + holds + more);
  }

  private static boolean hidden(Path path) {
    return name(path).startsWith(".");
  }

  private static String extension(Path file) {
    String name = name(file);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  static String posix(Path path) {
    return path.toString().replace(path.getFileSystem().getSeparator(), "/");
  }
}
