package org.fastai4j.book;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.fastai4j.plot.ColorMap;
import org.fastai4j.plot.Figure;
import org.fastai4j.plot.Pixels;
import org.fastai4j.plot.StyledTable;
import org.fastai4j.plot.TerminalImage;

/** The chapter's pictures: drawn on a thread of its own while training goes on, and saved. */
final class Gallery implements AutoCloseable {
  private final Path folder;
  private final Transcript out;
  private final ExecutorService painter =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread t = new Thread(task, "fastai4j-pictures");
            t.setDaemon(true);
            return t;
          });
  private final Map<String, CompletableFuture<byte[]>> pictures = new LinkedHashMap<>();

  Gallery(Path folder, Transcript out) {
    this.folder = folder;
    this.out = out;
  }

  void show(String name, Figure figure) {
    draw(name, figure::png);
  }

  /** A figure of an image, which a terminal shows as well. */
  void show(String name, Figure figure, Pixels image) {
    draw(name, figure::png);
    if (out.isTerminal()) {
      out.consoleOnly(TerminalImage.of(image, ColorMap.GRAY).ansi());
    }
  }

  void show(String name, StyledTable table) {
    draw(name, table::png);
    if (out.isTerminal()) {
      out.consoleOnly(table.ansi());
    }
  }

  /** Draws a table for the report alone. */
  void draw(String name, StyledTable table) {
    draw(name, table::png);
  }

  private void draw(String name, Supplier<byte[]> picture) {
    pictures.put(
        name,
        CompletableFuture.supplyAsync(
            () -> {
              byte[] png = picture.get();
              write(folder.resolve(name + ".png"), png);
              return png;
            },
            painter));
  }

  /** The picture as PNG; waits until it is drawn. */
  byte[] png(String name) {
    CompletableFuture<byte[]> picture = pictures.get(name);
    if (picture == null) {
      throw new IllegalArgumentException("the report shows a picture nobody drew: " + name);
    }
    try {
      return picture.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Writes beside the file and moves into place, so that no half of one is ever seen. */
  static void write(Path file, byte[] content) {
    Path beside = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.write(beside, content);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(beside);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    painter.shutdownNow();
  }
}
