package org.fastai4j.tensor;

import java.lang.reflect.Field;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;

/**
 * JavaCPP's memory of where native libraries are, filled in before it looks for them.
 *
 * <p>It looks for each of the forty libraries that a libtorch can come with, CUDA's among them,
 * under several names in every jar and in folders of the system. With 70 jars that is a third of
 * the start, and a CUDA of the system is opened for natives that have no use for it. The memory is
 * a field without a method, so the field is written to; where Java refuses that, JavaCPP looks as
 * before.
 */
final class FoundLibraries {
  private static final String CUDA = "/org/bytedeco/cuda/global/cudart.class";

  private FoundLibraries() {}

  /**
   * Fills in what these classes of the presets ask for, for as long as the process runs: every
   * class of theirs asks anew. Where CUDA's own preset is on the class path it does nothing, for
   * another library may need what libtorch does not.
   *
   * @param files the libraries that there are, by file name, such as {@code libc10.so}
   */
  static void tell(Map<String, URL> files, Class<?>... presets) {
    if (FoundLibraries.class.getResource(CUDA) != null) {
      return;
    }
    try {
      Map<String, URL[]> found = field();
      Properties platform = Loader.loadProperties();
      for (Class<?> preset : presets) {
        urls(Loader.loadProperties(preset, platform, true), files).forEach(found::putIfAbsent);
      }
    } catch (ReflectiveOperationException | MalformedURLException | RuntimeException ignored) {
      // then it looks for them
    }
  }

  /** For each library that is asked for, where it is; nowhere is an empty array. */
  static Map<String, URL[]> urls(ClassProperties properties, Map<String, URL> files)
      throws MalformedURLException {
    Map<String, URL[]> urls = new HashMap<>();
    for (String key : List.of("platform.preload", "platform.link")) {
      for (String name : properties.get(key)) {
        urls.put(name, urls(name, properties, files));
      }
    }
    return urls;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, URL[]> field() throws ReflectiveOperationException {
    Field field = Loader.class.getDeclaredField("foundLibraries");
    field.setAccessible(true);
    return (Map<String, URL[]>) field.get(null);
  }

  /** A name is {@code library@version}, and after a '#' another that it is to be unpacked as. */
  private static URL[] urls(String name, ClassProperties properties, Map<String, URL> files)
      throws MalformedURLException {
    String[] names = name.split("#", -1);
    List<String> candidates = fileNames(names[0], properties);
    for (int i = 0; i < candidates.size(); i++) {
      URL url = files.get(candidates.get(i));
      if (url != null) {
        boolean renamed = names.length > 1;
        return new URL[] {
          renamed ? new URL(url, "#" + fileNames(names[1], properties).get(i)) : url
        };
      }
    }
    return new URL[0];
  }

  /** With the version where Linux has it, where macOS has it, and without. */
  private static List<String> fileNames(String name, ClassProperties properties) {
    String[] parts = name.split("@", -1);
    String start = properties.getProperty("platform.library.prefix", "") + parts[0];
    String end = properties.getProperty("platform.library.suffix", "");
    String version = parts.length > 1 ? parts[1] : "";
    return List.of(start + end + version, start + version + end, start + end);
  }
}
