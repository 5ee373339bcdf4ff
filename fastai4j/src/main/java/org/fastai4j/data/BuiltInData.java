package org.fastai4j.data;

/** What draws the built-in data sets: the one place that ties {@link URLs} to their drawers. */
final class BuiltInData {
  static final DataSource.Drawer DIGITS_SAMPLE = later("DrawnDigits::writeSample");
  static final DataSource.Drawer DIGITS = later("DrawnDigits::writeAll");

  private BuiltInData() {}

  private static DataSource.Drawer later(String drawer) {
    return (folder, progress) -> {
      throw new DataException("the built-in digits are not there yet: " + drawer);
    };
  }
}
