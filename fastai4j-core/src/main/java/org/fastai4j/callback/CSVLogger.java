package org.fastai4j.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fastai4j.io.WholeFile;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.EpochRow;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.Run;

/**
 * Writes the table of epochs to a CSV file; fastai's {@code CSVLogger}. Numbers have all their
 * digits; what a cancelled pass left out is empty.
 *
 * <p>The file is written anew after each epoch and moved into place, so that whenever a run ends,
 * there are whole lines, and a resumed one writes no epoch twice.
 */
public final class CSVLogger implements Callback {
  private final Path file;
  private final boolean append;
  private String before = "";

  /** Writes to {@code file}, in place of what is there. */
  public CSVLogger(Path file) {
    this(file, false);
  }

  private CSVLogger(Path file, boolean append) {
    this.file = file;
    this.append = append;
  }

  /** Writes below what is in {@code file}, with no second header. */
  public static CSVLogger append(Path file) {
    return new CSVLogger(file, true);
  }

  @Override
  public int order() {
    return 60;
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  @Override
  public void beforeFit(Learner learn) {
    before = append && Files.exists(file) ? read() : "";
    if (before.isEmpty()) {
      before = line(learn.recorder().metricNames());
      write(before);
    }
  }

  @Override
  public void afterEpoch(Learner learn) {
    write(
        learn.recorder().rows().stream()
            .map(row -> line(cells(row)))
            .collect(Collectors.joining("", before, "")));
  }

  private static List<String> cells(EpochRow row) {
    List<String> out = new ArrayList<>();
    out.add(Integer.toString(row.epoch()));
    row.train().forEach(v -> out.add(row.trained() ? v.toString() : ""));
    row.valid().forEach(v -> out.add(row.validated() ? v.toString() : ""));
    out.add(row.cells().get(row.cells().size() - 1));
    return out;
  }

  private static String line(List<String> cells) {
    return cells.stream().map(CSVLogger::quoted).collect(Collectors.joining(",")) + "\n";
  }

  private static String quoted(String cell) {
    return cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private String read() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("CSVLogger: could not read " + file + ": " + e, e);
    }
  }

  private void write(String text) {
    WholeFile.write(file, text.getBytes(UTF_8));
  }

  @Override
  public Map<String, Object> state() {
    return Map.of("before", before);
  }

  @Override
  public void loadState(Map<String, Object> state) {
    before = state.getOrDefault("before", before).toString();
  }
}
