package org.fastai4j.data;

import java.nio.file.Path;

/**
 * A process of its own that gets a data set: {@code home address}; prints notices and the folder.
 */
final class UntarMain {
  private UntarMain() {}

  public static void main(String[] args) {
    var notices =
        new Progress() {
          @Override
          public void update(String label, long done, long total) {}

          @Override
          public void notice(String line) {
            System.out.println(line);
          }
        };
    System.out.println(DataCache.at(Path.of(args[0])).withProgress(notices).untarData(args[1]));
  }
}
