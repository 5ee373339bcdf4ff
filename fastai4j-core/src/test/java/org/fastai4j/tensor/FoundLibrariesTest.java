package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.net.URL;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class FoundLibrariesTest {
  @BeforeAll
  static void openTheEngine() {
    Engine.load();
  }

  @Test
  void saysOfOurLibrariesWhereTheyAre() throws Exception {
    assertThat(found().get("torch_cpu"))
        .singleElement()
        .asString()
        .contains("pytorch")
        .endsWith("/libtorch_cpu.so");
    assertThat(found().get("openblas@.0#openblas_nolapack@.0"))
        .singleElement()
        .asString()
        .endsWith("/libopenblas.so.0#libopenblas_nolapack.so.0");
  }

  @Test
  void saysOfCudasLibrariesThatTheyAreNowhere() throws Exception {
    assertThat(found().get("cudart@.13")).isEmpty();
    assertThat(found().get("torch_cuda")).isEmpty();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, URL[]> found() throws ReflectiveOperationException {
    Field field = Loader.class.getDeclaredField("foundLibraries");
    field.setAccessible(true);
    return (Map<String, URL[]>) field.get(null);
  }
}
