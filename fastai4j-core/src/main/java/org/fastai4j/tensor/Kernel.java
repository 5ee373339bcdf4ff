package org.fastai4j.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the engine that the presets have no method for, called by its name.
 *
 * <p>A call costs some 10 µs, ten times that of an operation with a method.
 */
final class Kernel {
  private final String name;
  private final OperatorHandle op;

  /** The operation {@code aten::name.overload}; arguments left out are not filled in. */
  Kernel(String name, String overload) {
    Engine.load();
    this.name = name;
    try (Dispatcher dispatcher = Dispatcher.singleton()) {
      op = dispatcher.findSchemaOrThrow("aten::" + name, overload);
    }
  }

  /**
   * Calls it with {@link Tensor}, {@link TensorList}, {@code Double}, {@code Long}, {@code Boolean}
   * or null.
   *
   * @return the list of tensors it gives, or none
   */
  List<Tensor> call(@Nullable Object... arguments) {
    try (IValueVector stack = new IValueVector()) {
      for (Object argument : arguments) {
        try (IValue value = value(argument)) {
          stack.push_back(value);
        }
      }
      op.callBoxed(stack);
      if (stack.empty()) {
        return List.of();
      }
      try (IValue result = stack.get(0);
          TensorVector tensors = result.toTensorVector()) {
        return Tensor.list(tensors);
      }
    } catch (RuntimeException e) {
      throw Errors.explain(name, e, operands(arguments));
    }
  }

  private static IValue value(@Nullable Object argument) {
    if (argument == null) {
      return new IValue();
    } else if (argument instanceof Double number) {
      return new IValue((double) number);
    } else if (argument instanceof Long number) {
      return new IValue((long) number);
    } else if (argument instanceof Boolean flag) {
      return new IValue((boolean) flag);
    } else if (argument instanceof Tensor t) {
      return new IValue(t.h());
    }
    // The engine's lists of tensors and of anything are one type, which the presets have as two.
    try (TensorVector vector = Tensor.vector(((TensorList) argument).tensors());
        org.bytedeco.pytorch.TensorList list = new org.bytedeco.pytorch.TensorList(vector);
        GenericList same = new GenericList(list)) {
      return new IValue(same);
    }
  }

  private static Tensor[] operands(@Nullable Object... arguments) {
    List<Tensor> out = new ArrayList<>();
    for (Object argument : arguments) {
      if (argument instanceof TensorList many) {
        out.addAll(many.tensors());
      } else if (argument instanceof Tensor t) {
        out.add(t);
      }
    }
    return out.toArray(Tensor[]::new);
  }
}
