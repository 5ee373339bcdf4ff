package org.fastai4j.tensor;

import java.util.EnumSet;
import java.util.Set;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The element types of tensors, named as in PyTorch. */
public enum DType {
  BOOL("bool", ScalarType.Bool, 1),
  UINT8("uint8", ScalarType.Byte, 1),
  INT8("int8", ScalarType.Char, 1),
  INT16("int16", ScalarType.Short, 2),
  INT32("int32", ScalarType.Int, 4),
  INT64("int64", ScalarType.Long, 8),
  FLOAT16("float16", ScalarType.Half, 2),
  BFLOAT16("bfloat16", ScalarType.BFloat16, 2),
  FLOAT32("float32", ScalarType.Float, 4),
  FLOAT64("float64", ScalarType.Double, 8);

  private static final Set<DType> FLOATS = EnumSet.of(FLOAT16, BFLOAT16, FLOAT32, FLOAT64);
  private static final DType[] BY_CODE = new DType[64];

  static {
    for (DType d : values()) {
      BY_CODE[d.scalarType.value] = d;
    }
  }

  private final String label;
  private final int itemSize;
  final ScalarType scalarType;

  DType(String label, ScalarType scalarType, int itemSize) {
    this.label = label;
    this.scalarType = scalarType;
    this.itemSize = itemSize;
  }

  /** The bytes one element takes. */
  public int itemSize() {
    return itemSize;
  }

  /** Whether elements are fractions: float16, bfloat16, float32 or float64. */
  public boolean isFloatingPoint() {
    return FLOATS.contains(this);
  }

  /** The type of this name, such as {@code "float32"}. */
  public static DType of(String name) {
    for (DType d : values()) {
      if (d.label.equals(name)) {
        return d;
      }
    }
    throw new TensorException("no dtype is called '" + name + "'");
  }

  static DType of(ScalarType type) {
    DType d = type.value >= 0 && type.value < BY_CODE.length ? BY_CODE[type.value] : null;
    if (d == null) {
      throw new TensorException(
          "fastai4j does not handle tensors of type " + type + "; convert with to(DType) first");
    }
    return d;
  }

  /** PyTorch's name, such as {@code float32}. */
  @Override
  public String toString() {
    return label;
  }
}
