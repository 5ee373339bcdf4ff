package org.fastai4j.vision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.fastai4j.data.DataException;
import org.fastai4j.data.ItemPaths;
import org.fastai4j.data.Progress;
import org.fastai4j.tensor.Tensor;

/** Many images at once: grey ones of one size in a stack, any kind verified. */
public final class Images {
  private static final System.Logger LOG = System.getLogger(Images.class.getName());

  private Images() {}

  /**
   * The grey images of a folder, in the order of their names: uint8 {@code [n, height, width]}.
   *
   * @throws DataException naming the first file that cannot be read, is in color, or is of another
   *     size than the first
   */
  public static Tensor stack(Path folder) {
    return stack(decodeStack(folder));
  }

  /** The grey images of these files, in their order; see {@link #stack(Path)}. */
  public static Tensor stack(List<Path> files) {
    return stack(decodeStack(files));
  }

  /** A tensor for each grey image, uint8 {@code [height, width]}: views of one stack. */
  public static List<Tensor> tensors(List<Path> files) {
    return stack(files).unbind(0);
  }

  private static Tensor stack(Stack s) {
    return Tensor.wrap(s.data, s.n, s.height, s.width);
  }

  /** Grey images in one direct buffer, {@code [n, height, width]}, one byte a pixel. */
  record Stack(int n, int height, int width, ByteBuffer data) {}

  /** The images of a folder, in the order of their names as strings. */
  static Stack decodeStack(Path folder) {
    return decodeStack(imageFiles(folder));
  }

  /** The images of these files, which must be grey and as large as the first. */
  static Stack decodeStack(List<Path> files) {
    if (files.isEmpty()) {
      throw new DataException("no images to stack: the list of files is empty");
    }
    Image first = Image.open(files.get(0));
    long bytes = (long) files.size() * first.height() * first.width();
    if (bytes > Integer.MAX_VALUE) {
      throw new DataException(
          "%d images of %d x %d pixels do not fit in one stack of 2 GB; load them in batches"
              .formatted(files.size(), first.width(), first.height()));
    }
    ByteBuffer data = ByteBuffer.allocateDirect((int) bytes);
    decodeAll(
        files, data, first.height(), first.width(), Runtime.getRuntime().availableProcessors());
    return new Stack(files.size(), first.height(), first.width(), data);
  }

  private static List<Path> imageFiles(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files = entries.filter(ItemPaths::isImageFile).sorted().toList();
      if (files.isEmpty()) {
        throw new DataException("no images in " + folder);
      }
      return files;
    } catch (IOException e) {
      throw new DataException(folder + " is not a folder that can be listed: " + e, e);
    }
  }

  /**
   * Decodes grey images of one size into {@code target}, in the order of the list and from its
   * beginning, whatever its position: {@code [files, height, width]}.
   *
   * @param threads how many decode at once, the calling one among them
   * @throws DataException naming the first file, in the order of the list, that cannot be read, is
   *     in color or is of another size; the others are given up
   */
  public static void decodeAll(
      List<Path> files, ByteBuffer target, int height, int width, int threads) {
    long bytes = (long) files.size() * height * width;
    if (height < 1 || width < 1 || bytes > target.capacity()) {
      throw new IllegalArgumentException(
          "%d images of %d x %d pixels do not fit in %d bytes"
              .formatted(files.size(), width, height, target.capacity()));
    }
    if (threads < 1) {
      throw new IllegalArgumentException("decodeAll takes at least 1 thread, not " + threads);
    }
    ByteBuffer all = target.duplicate().clear();
    int size = height * width;
    inParallel(
        files.size(),
        threads,
        i -> {
          byte[] pixels = new byte[size];
          ImageReader.ofThread().readGrey(files.get(i), height, width, pixels, 0);
          all.put(i * size, pixels);
        });
  }

  /** The calling thread is one of the {@code threads}. */
  private static void inParallel(int n, int threads, IntConsumer body) {
    Work work = new Work(n, body);
    if (threads == 1) {
      work.join();
      return;
    }
    ThreadPoolExecutor pool = Work.pool(threads - 1);
    try {
      work.begin(pool).join();
    } finally {
      pool.shutdown();
    }
  }

  /**
   * A file that is no image that can be read.
   *
   * @param reason what is wrong with it, to be read after its name
   */
  public record BadImage(Path file, String reason) {
    /** For example {@code cat.jpg cannot be read: it is a folder}. */
    @Override
    public String toString() {
      return file + " " + reason;
    }
  }

  /**
   * Those of {@code files} that cannot be read, in their order: fastai's {@code verify_images}.
   * Each is decoded in full, on all cores. Nothing is deleted; that is up to the caller:
   *
   * <pre>{@code
   * for (BadImage bad : Images.verifyImages(getImageFiles(path), ProgressBar.standard())) {
   *   Files.delete(bad.file());
   * }
   * }</pre>
   */
  public static List<BadImage> verifyImages(List<Path> files, Progress progress) {
    Thread waiting = Thread.currentThread();
    AtomicInteger done = new AtomicInteger();
    String[] reasons = new String[files.size()];
    try {
      inParallel(
          files.size(),
          Runtime.getRuntime().availableProcessors(),
          i -> {
            reasons[i] = reason(files.get(i));
            int n = done.incrementAndGet();
            if (Thread.currentThread() == waiting) {
              progress.update("verifying images", n, files.size());
            }
          });
    } finally {
      progress.finish();
    }
    List<BadImage> bad = new ArrayList<>();
    for (int i = 0; i < reasons.length; i++) {
      if (!reasons[i].isEmpty()) {
        bad.add(new BadImage(files.get(i), reasons[i]));
      }
    }
    return List.copyOf(bad);
  }

  /** {@link #verifyImages(List, Progress)} without telling how far it is. */
  public static List<BadImage> verifyImages(List<Path> files) {
    return verifyImages(files, Progress.SILENT);
  }

  /**
   * Those of {@code files} that cannot be read, in their order; how many, and the first of them, is
   * logged.
   *
   * @throws DataException if none can be read
   */
  static List<BadImage> leftOut(List<Path> files) {
    List<BadImage> bad = verifyImages(files);
    if (bad.isEmpty()) {
      return bad;
    }
    if (bad.size() == files.size()) {
      throw new DataException(
          "none of the %d images can be read; the first: %s".formatted(bad.size(), bad.get(0)));
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "left out {0} of {1} images, which cannot be read; the first: {2}",
        bad.size(),
        files.size(),
        bad.get(0));
    return bad;
  }

  /** Empty if nothing is wrong. */
  private static String reason(Path file) {
    try {
      ImageReader.ofThread().read(file);
      return "";
    } catch (DataException e) {
      String message = String.valueOf(e.getMessage());
      return message.startsWith(file + " ") ? message.substring((file + " ").length()) : message;
    }
  }
}
