package org.fastai4j.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real images, which are not part of the project. */
final class RealData {
  private RealData() {}

  /** An archive of the shared data folder; without one the test is skipped, or fails in CI. */
  static Path archive(String name) {
    Path archive = Path.of(System.getProperty("fastai4j.shared", "../../shared"), "data", name);
    boolean there = Files.isRegularFile(archive);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(there).as("the real images at %s, which CI has", archive).isTrue();
    }
    assumeTrue(there, "no real images at " + archive);
    return archive;
  }
}
