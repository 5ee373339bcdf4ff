package org.fastai4j.vision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.fastai4j.data.DataException;
import org.fastai4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Many grey images of one size at once. */
public final class Images {
  private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "gif", "bmp");

  /** Files a thread takes at a time: enough to be rarely in another's way. */
  private static final int BLOCK = 32;

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
      List<Path> files = entries.filter(Images::looksLikeAnImage).sorted().toList();
      if (files.isEmpty()) {
        throw new DataException("no images in " + folder);
      }
      return files;
    } catch (IOException e) {
      throw new DataException(folder + " is not a folder that can be listed: " + e, e);
    }
  }

  private static boolean looksLikeAnImage(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(extension) && !name.startsWith(".");
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
    new Job(files, all, height, width).run(threads);
  }

  /**
   * One call of {@link #decodeAll}.
   *
   * <p>Blocks are handed out in order and every thread finishes what lies before the first failure
   * known, so the failure reported is the first of the list, however the threads ran.
   */
  private static final class Job {
    private final List<Path> files;
    private final ByteBuffer target;
    private final int height;
    private final int width;
    private final AtomicInteger next = new AtomicInteger();
    private volatile int failedAt = Integer.MAX_VALUE;
    private @Nullable Throwable failure;

    Job(List<Path> files, ByteBuffer target, int height, int width) {
      this.files = files;
      this.target = target;
      this.height = height;
      this.width = width;
    }

    void run(int threads) {
      int useful = Math.min(threads, (files.size() + BLOCK - 1) / BLOCK);
      List<Thread> helpers = new ArrayList<>();
      for (int i = 1; i < useful; i++) {
        Thread helper = new Thread(this::work, "fastai4j-images-" + i);
        helper.setDaemon(true);
        helper.start();
        helpers.add(helper);
      }
      work();
      helpers.forEach(this::join);
      Throwable thrown = failure();
      if (thrown instanceof RuntimeException e) {
        throw e;
      } else if (thrown instanceof Error e) {
        throw e;
      }
    }

    private void work() {
      byte[] pixels = new byte[height * width];
      try (ImageReader reader = new ImageReader()) {
        int start;
        while ((start = next.getAndAdd(BLOCK)) < files.size()) {
          int end = Math.min(start + BLOCK, files.size());
          for (int i = start; i < end; i++) {
            if (i > failedAt) {
              return;
            }
            decode(reader, i, pixels);
          }
        }
      }
    }

    private void decode(ImageReader reader, int i, byte[] pixels) {
      try {
        reader.readGrey(files.get(i), height, width, pixels, 0);
        target.put(i * pixels.length, pixels);
      } catch (RuntimeException | Error e) {
        fail(i, e);
      }
    }

    private synchronized void fail(int i, Throwable e) {
      if (i < failedAt) {
        failedAt = i;
        failure = e;
      }
    }

    private synchronized @Nullable Throwable failure() {
      return failure;
    }

    /** Waits to the end even when interrupted: the helpers write to memory the caller may free. */
    private void join(Thread helper) {
      boolean interrupted = false;
      while (helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException e) {
          interrupted = true;
          fail(-1, new DataException("interrupted while loading images", e));
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
