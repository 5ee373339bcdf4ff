package org.fastai4j.data;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Collection;
import java.util.RandomAccess;
import java.util.stream.Collectors;

/** An unmodifiable list of paths that prints in short, {@code (#2) [train/3,train/7]}. */
public final class PathList extends AbstractList<Path> implements RandomAccess {
  private static final int SHOWN = 10;

  private final Path[] paths;

  private PathList(Path[] paths) {
    this.paths = paths;
  }

  /** The same paths in the same order. */
  public static PathList of(Collection<Path> paths) {
    return new PathList(paths.toArray(Path[]::new));
  }

  @Override
  public Path get(int index) {
    return paths[index];
  }

  @Override
  public int size() {
    return paths.length;
  }

  /** The count and at most ten paths, each as {@link ItemPaths#display} shows it. */
  @Override
  public String toString() {
    String cut = size() > SHOWN ? "...]" : "]";
    return stream()
        .limit(SHOWN)
        .map(ItemPaths::display)
        .collect(Collectors.joining(",", "(#" + size() + ") [", cut));
  }
}
