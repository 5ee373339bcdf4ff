package org.fastai4j.testkit;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.fastai4j.tensor.Tensor;

/** An ONNX file run by Microsoft's ONNX Runtime, which knows nothing of this library. */
public final class OnnxRuntime {
  private OnnxRuntime() {}

  /** The first output of the model for {@code x}, both float32. */
  public static Tensor run(Path model, Tensor x) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = session(environment, model);
        OnnxTensor in =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(x.toFloatArray()), x.shape().toArray());
        OrtSession.Result out =
            session.run(Map.of(session.getInputNames().iterator().next(), in))) {
      OnnxTensor y = (OnnxTensor) out.get(0);
      return Tensor.of(y.getFloatBuffer(), y.getInfo().getShape());
    } catch (OrtException e) {
      throw new AssertionError("ONNX Runtime refuses " + model, e);
    }
  }

  /** What is stored with the model. */
  public static Map<String, String> metadata(Path model) {
    try (OrtSession session = session(OrtEnvironment.getEnvironment(), model)) {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new AssertionError("ONNX Runtime refuses " + model, e);
    }
  }

  private static OrtSession session(OrtEnvironment environment, Path model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return environment.createSession(model.toString(), options);
    }
  }
}
