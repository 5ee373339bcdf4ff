package org.fastai4j.book;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.fastai4j.data.Progress;

/**
 * How the chapter is to be run.
 *
 * @param data {@code mnist_sample}, {@code digits_sample}, a folder or an archive; empty: the
 *     first, and the second where there is no network
 * @param out the folder of the report
 * @param seed what weights, noise and order are drawn from
 * @param epochs how often the two-layer net sees the images
 * @param console where the story is printed
 * @param terminal whether that is a terminal, which can show colors and a moving bar
 * @param progress who is told of downloads and drawing
 */
public record ChapterOptions(
    Optional<String> data,
    Path out,
    long seed,
    int epochs,
    PrintStream console,
    boolean terminal,
    Progress progress) {
  public ChapterOptions {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs: " + epochs + "; at least 1 is needed to train");
    }
  }
}
