package org.fastai4j.book;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DataException;
import org.fastai4j.data.DataSource;
import org.fastai4j.data.OfflineException;
import org.fastai4j.data.Progress;
import org.fastai4j.data.URLs;

/**
 * The folder of the chapter's images and what to call it.
 *
 * @param name the data set's name, or the folder's or archive's
 * @param folder has {@code train/3, train/7, valid/3, valid/7}
 */
record ChapterData(String name, Path folder) {
  private static final List<String> FOLDERS = List.of("train/3", "train/7", "valid/3", "valid/7");

  /** Finds what was asked for; downloads, unpacks or draws it if it is not there yet. */
  static ChapterData find(Optional<String> wanted, Progress progress) {
    ChapterData data = wanted.map(w -> named(w, progress)).orElseGet(() -> usual(progress));
    for (String part : FOLDERS) {
      if (!Files.isDirectory(data.folder.resolve(part))) {
        throw new DataException(
            data.folder
                + " has no folder "
                + part
                + ": the chapter needs train/3, train/7, valid/3 and valid/7, with images in each");
      }
    }
    return data;
  }

  /** Whether the digits were drawn by this project and not written by people. */
  boolean drawn() {
    return name.equals(URLs.DIGITS_SAMPLE.name());
  }

  private static ChapterData usual(Progress progress) {
    try {
      return of(URLs.MNIST_SAMPLE, progress);
    } catch (OfflineException e) {
      progress.notice(
          "No network, so MNIST_SAMPLE cannot be downloaded; using the built-in digits instead"
              + " (--data digits_sample).");
      return of(URLs.DIGITS_SAMPLE, progress);
    }
  }

  private static ChapterData named(String wanted, Progress progress) {
    Optional<DataSource> source = URLs.find(wanted);
    if (source.isPresent()) {
      return of(source.get(), progress);
    }
    Path path = Path.of(wanted);
    if (!Files.exists(path)) {
      throw new DataException(
          wanted
              + ": no such data set, folder or archive; data sets are mnist_sample and"
              + " digits_sample");
    }
    Path folder =
        Files.isDirectory(path)
            ? path
            : DataCache.standard().withProgress(progress).untarData(path);
    return new ChapterData(path.toAbsolutePath().normalize().getFileName().toString(), folder);
  }

  private static ChapterData of(DataSource source, Progress progress) {
    return new ChapterData(
        source.name(), DataCache.standard().withProgress(progress).untarData(source));
  }
}
