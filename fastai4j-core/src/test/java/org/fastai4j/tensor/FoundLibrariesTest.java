package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.net.URI;
import java.net.URL;
import java.util.Map;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class FoundLibrariesTest {
  private static final String JAR = "jar:file:/a.jar!/org/";

  @Test
  void saysOfOurLibrariesWhereTheyAreAndOfOthersThatTheyAreNowhere() throws Exception {
    Map<String, URL[]> urls =
        FoundLibraries.urls(
            properties("linux-x86_64", torch.class),
            Map.of("libc10.so", url("libc10.so"), "libgomp.so.1", url("libgomp.so.1")));
    assertThat(urls.get("c10")).containsExactly(url("libc10.so"));
    assertThat(urls.get("gomp@.1")).containsExactly(url("libgomp.so.1"));
    assertThat(urls.get("cudart@.13")).isEmpty();
    assertThat(urls.get("torch_cuda")).isEmpty();
  }

  @Test
  void keepsTheNameThatALibraryIsToBeUnpackedAs() throws Exception {
    Map<String, URL[]> urls =
        FoundLibraries.urls(
            properties("linux-x86_64", openblas_nolapack.class),
            Map.of("libopenblas.so.0", url("libopenblas.so.0")));
    assertThat(urls.get("openblas@.0#openblas_nolapack@.0"))
        .singleElement()
        .hasToString(JAR + "libopenblas.so.0#libopenblas_nolapack.so.0");
  }

  @Test
  void findsTheFieldThatItFillsIn() throws Exception {
    Engine.load();
    Field field = Loader.class.getDeclaredField("foundLibraries");
    field.setAccessible(true);
    assertThat((Map<?, ?>) field.get(null)).isNotEmpty();
  }

  private static ClassProperties properties(String platform, Class<?> preset) {
    return Loader.loadProperties(preset, Loader.loadProperties(platform, null), true);
  }

  private static URL url(String file) throws Exception {
    return URI.create(JAR + file).toURL();
  }
}
