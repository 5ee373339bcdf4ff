package org.fastai4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.fastai4j.io.Png;

/** Folders of drawn digits, {@code part/digit/number.png}, written beside and moved into place. */
final class DigitFolders {
  private static final int CHUNK = 128;

  private DigitFolders() {}

  /** One image to draw: its digit, the seed, and its name, from the set's folder on. */
  private record Task(int digit, long seed, String name) {}

  /**
   * A part of a set, such as the images for training.
   *
   * <p>Images are numbered over the whole part in an order that mixes the digits; an image's number
   * is its file's name and, with {@code seed}, all that decides its looks.
   *
   * @param folder the folder's name
   * @param seed tells this part's images from another's
   * @param counts how many images there are of each digit
   * @param kept the digits to write
   */
  record Part(String folder, int seed, List<Integer> counts, List<Integer> kept) {
    Part(String folder, int seed, int... counts) {
      this(
          folder,
          seed,
          IntStream.of(counts).boxed().toList(),
          IntStream.range(0, counts.length).boxed().toList());
    }

    /** The same images of {@code digits} only, under the same numbers. */
    Part only(String folder, Integer... digits) {
      return new Part(folder, seed, counts, List.of(digits));
    }

    private List<Task> tasks() {
      int[] numbers = shuffled(counts.stream().mapToInt(Integer::intValue).sum());
      List<Task> tasks = new ArrayList<>();
      int next = 0;
      for (int digit = 0; digit < counts.size(); digit++) {
        int[] own = Arrays.copyOfRange(numbers, next, next += counts.get(digit));
        if (kept.contains(digit)) {
          for (int number : own) {
            String name = folder + "/" + digit + "/" + number + ".png";
            tasks.add(new Task(digit, ((long) seed << 32) + number, name));
          }
        }
      }
      return tasks;
    }

    private int[] shuffled(int size) {
      Dice dice = new Dice(seed);
      int[] numbers = IntStream.range(0, size).toArray();
      for (int i = size - 1; i > 0; i--) {
        int j = dice.below(i + 1);
        int number = numbers[i];
        numbers[i] = numbers[j];
        numbers[j] = number;
      }
      return numbers;
    }
  }

  static void write(Path target, List<Part> parts, DrawnDigits.Progress progress) {
    writeLabeled(target, parts, Map.of(), progress);
  }

  /** Writes the parts and, if there are labels, {@code labels.csv}. */
  static void writeLabeled(
      Path target, List<Part> parts, Map<Integer, String> labels, DrawnDigits.Progress progress) {
    Path place = target.toAbsolutePath().normalize();
    if (Files.exists(place)) {
      throw new DataException(
          target + " exists already: delete it, or name a new folder for the drawn digits");
    }
    List<Task> tasks = parts.stream().flatMap(part -> part.tasks().stream()).toList();
    Path beside = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID());
    try {
      for (Part part : parts) {
        for (int digit : part.kept()) {
          Files.createDirectories(beside.resolve(part.folder()).resolve(String.valueOf(digit)));
        }
      }
      if (!labels.isEmpty()) {
        Files.writeString(beside.resolve("labels.csv"), table(tasks, labels));
      }
      drawAll(beside, tasks, progress);
      Files.move(beside, place);
    } catch (IOException e) {
      throw new DataException(
          "the drawn digits could not be written to "
              + target
              + ": is the disk full, or the folder above it read-only? ("
              + e.getMessage()
              + ")",
          e);
    } finally {
      Folders.delete(beside);
    }
  }

  private static String table(List<Task> tasks, Map<Integer, String> labels) {
    StringBuilder rows = new StringBuilder("name,label\n");
    for (Task task : tasks) {
      rows.append(task.name()).append(',').append(labels.get(task.digit())).append('\n');
    }
    return rows.toString();
  }

  /** Draws on every processor; an image depends on its own seed only, not on who draws it. */
  private static void drawAll(Path folder, List<Task> tasks, DrawnDigits.Progress progress)
      throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      var drawing = new ExecutorCompletionService<Integer>(pool);
      for (int from = 0; from < tasks.size(); from += CHUNK) {
        List<Task> chunk = tasks.subList(from, Math.min(tasks.size(), from + CHUNK));
        drawing.submit(
            () -> {
              for (Task task : chunk) {
                draw(folder, task);
              }
              return chunk.size();
            });
      }
      int done = 0;
      while (done < tasks.size()) {
        done += drawing.take().get();
        progress.images(done, tasks.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("drawing the digits was interrupted: nothing was written", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new DataException("drawing the digits failed: " + e.getCause(), e);
    } finally {
      stop(pool);
    }
  }

  private static void draw(Path folder, Task task) throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    byte[] pixels = DrawnDigits.draw(task.digit(), task.seed());
    byte[] png = Png.encode(DrawnDigits.SIDE, DrawnDigits.SIDE, 1, pixels);
    Files.write(folder.resolve(task.name()), png, StandardOpenOption.CREATE_NEW);
  }

  /** Waits until no thread writes any more, so that what they wrote can be deleted. */
  private static void stop(ExecutorService pool) {
    pool.shutdownNow();
    boolean interrupted = false;
    boolean stopped = false;
    while (!stopped) {
      try {
        stopped = pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
