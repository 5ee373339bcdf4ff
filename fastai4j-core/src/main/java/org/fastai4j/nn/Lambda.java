package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/**
 * A function as a module, which hooks and {@link Module#summary} see; {@link Sequential} takes bare
 * functions too.
 */
public final class Lambda extends Module {
  private final String name;
  private final Layer body;

  public Lambda(Layer body) {
    this("Lambda", body);
  }

  /**
   * @param name what it is printed as
   */
  public Lambda(String name, Layer body) {
    this.name = name;
    this.body = body;
  }

  @Override
  public Tensor forward(Tensor x) {
    return body.forward(x);
  }

  @Override
  public String toString() {
    return name;
  }
}
