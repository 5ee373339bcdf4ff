package org.fastai4j.testkit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The real 3s and 7s of MNIST_SAMPLE, unpacked once into the build folder.
 *
 * <p>They are taken from the folder that the system property {@code fastai4j.shared} names. Without
 * it a test is skipped, or fails where the environment says {@code CI=true}.
 */
public final class RealMnist {
  private static final Path SHARED = Path.of(System.getProperty("fastai4j.shared", "../shared"));
  private static @Nullable Path root;

  private RealMnist() {}

  /**
   * The folder that holds {@code train/3}, {@code train/7}, {@code valid/3} and {@code valid/7}.
   */
  public static synchronized Path folder() {
    if (root == null) {
      root = unpack(shared("data/mnist_sample.tgz"));
    }
    return root.resolve("mnist_sample");
  }

  /** The files of {@code train} or {@code valid}: 3s before 7s, by name. */
  public static List<Path> files(String split) {
    Path list = shared("golden/trajectories/mnist_sample_" + split + "_files.txt");
    try {
      return Files.readAllLines(list).stream().map(folder().resolve(split)::resolve).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The golden cases on the real images, whose files are not among the test resources. */
  public static List<Golden.Case> cases(String kind) {
    return Golden.cases(shared("golden/cases.json"), kind);
  }

  private static Path shared(String name) {
    Path path = SHARED.resolve(name);
    if (!Files.exists(path)) {
      String message = "real MNIST: there is no " + path;
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      abort(message);
    }
    return path;
  }

  /** Unpacks beside and moves into place, so that what is there is whole. */
  private static Path unpack(Path archive) {
    try {
      Path folder = Path.of("target", "real-mnist");
      if (!Files.exists(folder)) {
        Path part = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "mnist");
        unpack(archive, part);
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException(archive + " leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.copy(tar, target);
        }
      }
    }
  }
}
