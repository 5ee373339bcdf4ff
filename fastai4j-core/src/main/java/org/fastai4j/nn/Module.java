package org.fastai4j.nn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Device;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Shape;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * A layer with parameters, buffers and children, each under a name.
 *
 * <p>A subclass registers what it holds in its constructor and computes in {@code forward}:
 *
 * <pre>{@code
 * final class Scale extends Module {
 *   private final Tensor factor = parameter("factor", Tensor.ones(1));
 *
 *   public Tensor forward(Tensor x) {
 *     return x.mul(factor);
 *   }
 * }
 * }</pre>
 */
public abstract class Module implements Layer {
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Module> children = new LinkedHashMap<>();
  private boolean training = true;
  private List<ForwardHook> hooks = List.of();

  /**
   * The output for {@code x}, of which the hooks are told; Python's {@code module(x)}. Modules call
   * their parts so; {@link #forward} alone passes the hooks by.
   */
  @Override
  public final Tensor call(Tensor x) {
    Tensor y = forward(x);
    if (!hooks.isEmpty()) {
      hooks.forEach(h -> h.after(this, x, y));
    }
    return y;
  }

  /**
   * Has {@code hook} told of every call of this module, until the handle is removed or closed. What
   * it wants to keep of the tensors it must {@code Scope.keep}.
   */
  public final ForwardHook.Handle registerForwardHook(ForwardHook hook) {
    // The same hook may be registered twice: each time is a lambda of its own.
    ForwardHook own = (m, x, y) -> hook.after(m, x, y);
    List<ForwardHook> more = new ArrayList<>(hooks);
    more.add(own);
    hooks = List.copyOf(more);
    return () -> hooks = hooks.stream().filter(h -> h != own).toList();
  }

  /** Registers a tensor that learns, and returns it. */
  protected final Tensor parameter(String name, Tensor value) {
    parameters.put(name, Scope.keep(value).requiresGrad_());
    return value;
  }

  /** Registers a tensor that is saved with the model but does not learn, and returns it. */
  protected final Tensor buffer(String name, Tensor value) {
    buffers.put(name, Scope.keep(value));
    return value;
  }

  /** Registers a part, and returns it; a layer that is no module has nothing to register. */
  protected final <L extends Layer> L child(String name, L layer) {
    if (layer instanceof Module module) {
      children.put(name, module);
    }
    return layer;
  }

  /** Whether the module is being trained: dropout and batch statistics differ then. */
  public final boolean isTraining() {
    return training;
  }

  /** Puts this module and its children into training mode; returns this. */
  public final Module train() {
    apply(m -> m.training = true);
    return this;
  }

  /** Puts this module and its children into evaluation mode; returns this. */
  public final Module eval() {
    apply(m -> m.training = false);
    return this;
  }

  /** The value of {@code body} with every part in evaluation; then each is as it was. */
  final <T> T evaluating(Supplier<T> body) {
    Map<Module, Boolean> modes = new LinkedHashMap<>();
    apply(m -> modes.put(m, m.training));
    eval();
    try {
      return body.get();
    } finally {
      modes.forEach((m, mode) -> m.training = mode);
    }
  }

  /** Calls {@code body} with every child, depth first, then with this module. */
  public final void apply(Consumer<Module> body) {
    children.values().forEach(c -> c.apply(body));
    body.accept(this);
  }

  /** The direct parts by name. */
  public final Map<String, Module> namedChildren() {
    return new LinkedHashMap<>(children);
  }

  /** What learns, in the order of registration: own parameters first, then the children's. */
  public final List<Tensor> parameters() {
    return new ArrayList<>(namedParameters().values());
  }

  /**
   * What learns, by dotted name such as {@code 0.weight}; what is registered in several places, by
   * the first of its names.
   */
  public final Map<String, Tensor> namedParameters() {
    Map<String, Tensor> out = new LinkedHashMap<>();
    Set<Tensor> seen = new HashSet<>();
    walk(
        "",
        (prefix, m) ->
            m.parameters.forEach(
                (name, t) -> {
                  if (seen.add(t)) {
                    out.put(prefix + name, t);
                  }
                }));
    return out;
  }

  /** The parameters registered here, without the children's. */
  final Map<String, Tensor> ownParameters() {
    return new LinkedHashMap<>(parameters);
  }

  /** The parameters of all {@link NormLayer}s, which learn even where the rest is frozen. */
  public final List<Tensor> normParameters() {
    Set<Tensor> out = new LinkedHashSet<>();
    apply(
        m -> {
          if (m instanceof NormLayer) {
            out.addAll(m.parameters.values());
          }
        });
    return new ArrayList<>(out);
  }

  /** The parameters that weight decay should leave alone; see {@link #decays}. */
  public final List<Tensor> undecayed() {
    Set<Tensor> out = new LinkedHashSet<>();
    walk(
        "",
        (prefix, m) ->
            m.parameters.forEach(
                (name, t) -> {
                  if (!m.decays(name)) {
                    out.add(t);
                  }
                }));
    return new ArrayList<>(out);
  }

  /**
   * Whether weight decay should apply to the own parameter of this name: not to a bias, nor to any
   * of a {@link NormLayer}. fastai decays the biases of LSTM and GRU, which it overlooks.
   */
  protected boolean decays(String name) {
    return !(this instanceof NormLayer) && !name.contains("bias");
  }

  /** Parameters and buffers by dotted name: the tensors themselves, not copies. */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> out = new LinkedHashMap<>();
    walk(
        "",
        (prefix, m) -> {
          m.parameters.forEach((name, t) -> out.put(prefix + name, t));
          m.buffers.forEach((name, t) -> out.put(prefix + name, t));
        });
    return out;
  }

  /**
   * Takes over the values of {@code state}.
   *
   * @throws TensorException if a name is missing or unknown, or a shape differs; then nothing has
   *     changed
   */
  public final void loadStateDict(Map<String, Tensor> state) {
    loadStateDict(state, true);
  }

  /** What {@link #loadStateDict(Map, boolean)} left out: names only here, and only there. */
  public record Incompatible(List<String> missing, List<String> unexpected) {}

  /**
   * As the other {@code loadStateDict}; names that are missing or unknown are let pass, and told,
   * unless {@code strict}.
   */
  public final Incompatible loadStateDict(Map<String, Tensor> state, boolean strict) {
    Map<String, Tensor> own = stateDict();
    List<String> missing = own.keySet().stream().filter(n -> !state.containsKey(n)).toList();
    List<String> unexpected = state.keySet().stream().filter(n -> !own.containsKey(n)).toList();
    List<String> problems = new ArrayList<>();
    own.forEach(
        (name, t) -> {
          Tensor other = state.get(name);
          if (other == null) {
            if (strict) {
              problems.add("no '" + name + "' " + t.shape() + " in the file");
            }
          } else if (!other.shape().equals(t.shape())) {
            problems.add("'" + name + "' is " + t.shape() + " here, " + other.shape() + " there");
          }
        });
    if (strict) {
      unexpected.forEach(name -> problems.add("'" + name + "' is not in this model"));
    }
    if (!problems.isEmpty()) {
      throw new TensorException(
          "the weights are of another model than " + this + ": " + String.join("; ", problems));
    }
    Autograd.noGrad(
        () ->
            own.forEach(
                (name, t) -> {
                  Tensor other = state.get(name);
                  if (other != null) {
                    t.copy_(other);
                  }
                }));
    return new Incompatible(missing, unexpected);
  }

  /** Moves parameters and buffers to a device, for good; returns this. */
  public final Module to(Device device) {
    Autograd.noGrad(() -> stateDict().values().forEach(t -> t.setData_(t.to(device))));
    return this;
  }

  /** The number of elements that learn. */
  public final long countParameters() {
    return parameters().stream().mapToLong(Tensor::numel).sum();
  }

  /**
   * The layers with their output shapes and parameters as a table, for a batch of this shape, as
   * {@code Shape.of(64, 3, 28, 28)}; fastai's {@code summary()}, without the lines of a learner.
   */
  public final String summary(Shape input) {
    return Scope.compute(() -> summary(Tensor.zeros(input.toArray())));
  }

  /** As the other {@code summary}, for models that take whole numbers. */
  public final String summary(Tensor input) {
    return Summary.of(this, input);
  }

  private void walk(String prefix, BiConsumer<String, Module> body) {
    body.accept(prefix, this);
    children.forEach((name, c) -> c.walk(prefix + name + ".", body));
  }

  /** The class's name; layers add their sizes. */
  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
