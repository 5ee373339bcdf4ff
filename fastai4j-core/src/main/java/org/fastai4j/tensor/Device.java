package org.fastai4j.tensor;

import java.util.Locale;
import java.util.function.Function;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Where a tensor's elements live: {@code cpu}, {@code cuda:0} or {@code mps}.
 *
 * @param type what kind of device
 * @param index which one of its kind, from 0
 */
public record Device(Type type, int index) {

  /** The main memory. */
  public static final Device CPU = new Device(Type.CPU, 0);

  /** The GPU of an Apple silicon machine. */
  public static final Device MPS = new Device(Type.MPS, 0);

  /** The kinds of device. */
  public enum Type {
    CPU,
    CUDA,
    MPS
  }

  /** The NVIDIA GPU of this number, from 0. */
  public static Device cuda(int index) {
    return new Device(Type.CUDA, index);
  }

  /** The device of this name: {@code "cpu"}, {@code "cuda"}, {@code "cuda:1"} or {@code "mps"}. */
  public static Device of(String name) {
    String[] parts = name.split(":", 2);
    try {
      return new Device(
          Type.valueOf(parts[0].toUpperCase(Locale.ROOT)),
          parts.length == 1 ? 0 : Integer.parseInt(parts[1]));
    } catch (IllegalArgumentException e) {
      throw new TensorException("no device is called '" + name + "': use cpu, cuda, cuda:N or mps");
    }
  }

  /** Whether this machine and these native libraries have the device. */
  public boolean isAvailable() {
    return switch (type) {
      case CPU -> true;
      case CUDA -> Engine.hasCuda();
      case MPS -> Engine.hasMps();
    };
  }

  /**
   * The state of the device's random generator, on the CPU, to be put back with {@link
   * #setRngState}; {@code torch.cuda.get_rng_state}. That of {@link #CPU} is {@link
   * Torch#getRngState}.
   */
  public Tensor getRngState() {
    Engine.load();
    return Tensor.guard("getRngState", () -> withGenerator(g -> Tensor.own(g.get_state())));
  }

  /** Puts the device's random generator into a state that {@link #getRngState} returned. */
  public void setRngState(Tensor state) {
    Engine.load();
    Tensor.guard(
        "setRngState",
        () ->
            withGenerator(
                g -> {
                  g.set_state(state.h());
                  return state;
                }),
        state);
  }

  private Tensor withGenerator(Function<Generator, Tensor> body) {
    try (org.bytedeco.pytorch.Device d = handle();
        Context context = torch.globalContext();
        Generator generator = context.defaultGenerator(d)) {
      return body.apply(generator);
    }
  }

  org.bytedeco.pytorch.Device handle() {
    if (!isAvailable()) {
      throw new TensorException(
          this
              + " is not available: these native libraries were built without it, or no such device"
              + " is there; run './fastai4j doctor' to see which");
    }
    return type == Type.CUDA
        ? new org.bytedeco.pytorch.Device(deviceType(), (byte) index)
        : new org.bytedeco.pytorch.Device(deviceType());
  }

  DeviceType deviceType() {
    return switch (type) {
      case CPU -> DeviceType.CPU;
      case CUDA -> DeviceType.CUDA;
      case MPS -> DeviceType.MPS;
    };
  }

  @Override
  public String toString() {
    String name = type.name().toLowerCase(Locale.ROOT);
    return type == Type.CUDA ? name + ":" + index : name;
  }
}
