package org.fastai4j.app;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.fastai4j.data.DataException;
import org.fastai4j.vision.Images;

/** What is wrong with the user's images is wrong input, told in the words of the command line. */
final class UserData {
  private static final String UNREADABLE = "is not an image this can read";

  /** Advice of the library's, and the option that does the same. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "the option skipCorrupt()", "--skip-corrupt",
          "the option size(n)", "--size N",
          "set validPct(0.2), or name it with folders(train, valid)", "give --valid-pct 0.2",
          "use a smaller batch size", "give a smaller --bs");

  private UserData() {}

  /** What {@code work} makes of the images. */
  static <T> T read(Supplier<T> work) {
    try {
      return work.get();
    } catch (DataException e) {
      throw new CliException(Main.USAGE, told(String.valueOf(e.getMessage())), e);
    }
  }

  /** Does what needs the images. */
  static void use(Runnable work) {
    read(
        () -> {
          work.run();
          return true;
        });
  }

  /** A line that tells of images left out, if there are any. */
  static Optional<String> leftOut(List<Images.BadImage> bad) {
    return bad.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Left out %d %s that cannot be read; the first: %s"
                .formatted(bad.size(), bad.size() == 1 ? "image" : "images", bad.get(0)));
  }

  static String told(String message) {
    String told = message;
    for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
      told = told.replace(option.getKey(), option.getValue());
    }
    return told.contains(UNREADABLE) && !told.contains("--skip-corrupt")
        ? told + "; replace or delete the file, or leave all such out with --skip-corrupt"
        : told;
  }
}
