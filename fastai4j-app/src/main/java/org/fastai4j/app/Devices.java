package org.fastai4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.TensorException;
import org.fastai4j.tensor.Torch;

/** The device that {@code --device} names, and why there is none. */
final class Devices {
  private Devices() {}

  /** The device of this name; {@code auto} is a GPU if there is one. Never another in its place. */
  static Device find(String name) {
    if (name.equals("auto")) {
      return Device.cuda(0).isAvailable()
          ? Device.cuda(0)
          : Device.MPS.isAvailable() ? Device.MPS : Device.CPU;
    }
    Device device;
    try {
      device = Device.of(name);
    } catch (TensorException e) {
      throw new CliException(
          Main.USAGE, "--device " + name + ": there are auto, cpu, cuda and mps");
    }
    if (!device.isAvailable()) {
      throw new CliException(Main.USAGE, "--device " + name + ": " + why(device));
    }
    return device;
  }

  private static String why(Device device) {
    if (device.type() == Device.Type.MPS) {
      return "this is no Mac with Apple silicon; use --device cpu";
    }
    Optional<String> driver = nvidiaDriver();
    if (driver.isEmpty()) {
      return "no NVIDIA driver was found on this machine; './fastai4j doctor' tells more";
    }
    return hasCudaNatives()
        ? "driver " + driver.get() + " shows no device; see 'nvidia-smi' and CUDA_VISIBLE_DEVICES"
        : "the native libraries are for CPUs; build with './mvnw -Pgpu -Dquick package'";
  }

  /** Whether the native libraries on the class path know CUDA. */
  static boolean hasCudaNatives() {
    String folder = "org/bytedeco/pytorch/" + Torch.platform() + "-gpu/";
    String library = System.mapLibraryName("torch_cuda");
    return Devices.class.getClassLoader().getResource(folder + library) != null;
  }

  /** What there is of NVIDIA's driver: its version, or the file that shows it. */
  static Optional<String> nvidiaDriver() {
    for (String sign :
        List.of(
            "/proc/driver/nvidia/version", "/dev/nvidia0", "C:\\Windows\\System32\\nvcuda.dll")) {
      Path path = Path.of(sign);
      if (Files.exists(path)) {
        return Optional.of(sign.startsWith("/proc") ? firstLine(path) : sign);
      }
    }
    return Optional.empty();
  }

  private static String firstLine(Path path) {
    try {
      return Files.readAllLines(path).stream().findFirst().orElse(path.toString());
    } catch (IOException e) {
      return path.toString();
    }
  }
}
