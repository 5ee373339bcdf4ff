package org.fastai4j.optim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * A rule that moves parameters against their gradients, group by group.
 *
 * <p>A new one has a single group. What is to be told it before the first step:
 *
 * <pre>{@code
 * new Adam(model.parameters(), 1e-3)
 *     .withGroups(List.of(body, head))
 *     .withoutDecay(model.undecayed())
 *     .withNames(model.namedParameters());
 * }</pre>
 *
 * <p>A subclass writes {@link #update}. A parameter with {@code requiresGrad() == false} is neither
 * moved nor decayed, whatever gradient it has from before; in fastai 2.7 such a one still decays.
 */
public abstract class Optimizer {
  private final List<Tensor> parameters;
  private final Map<Tensor, Param> params;
  private List<ParamGroup> groups;
  private boolean decoupleWd = true;
  private int frozenTo;

  /**
   * An optimizer of these parameters, as one group, with learning rate {@code lr}.
   *
   * @param hypers its other hyper-parameters by name; {@code wd}, if it is there, is weight decay
   */
  protected Optimizer(List<Tensor> parameters, double lr, Map<String, Double> hypers) {
    this.parameters = List.copyOf(parameters);
    params = new LinkedHashMap<>();
    for (Tensor p : parameters) {
      params.put(p, new Param(p, Integer.toString(params.size())));
    }
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("lr", lr);
    all.putAll(hypers);
    groups = List.of(new ParamGroup(List.copyOf(params.values()), all));
  }

  /** An optimizer of what {@code wrapped} optimizes, in its place. */
  Optimizer(Optimizer wrapped) {
    parameters = wrapped.parameters;
    params = wrapped.params;
    groups = wrapped.groups;
    decoupleWd = wrapped.decoupleWd;
    frozenTo = wrapped.frozenTo;
  }

  // ---- set-up

  /**
   * Splits the parameters into groups, each with the hyper-parameters of the first one now; returns
   * this.
   *
   * @throws IllegalArgumentException if a parameter is in no group, or in two, or is not the
   *     optimizer's
   * @throws IllegalStateException after the first step
   */
  public final Optimizer withGroups(List<List<Tensor>> split) {
    if (params.values().stream().anyMatch(p -> p.step > 0)) {
      throw new IllegalStateException("withGroups: set the groups before the first step");
    }
    List<ParamGroup> out = new ArrayList<>();
    List<Param> all = new ArrayList<>();
    for (List<Tensor> part : split) {
      List<Param> group = part.stream().map(t -> param("withGroups", t)).toList();
      all.addAll(group);
      out.add(new ParamGroup(group, groups.get(0).hypers()));
    }
    if (all.size() != params.size() || Set.copyOf(all).size() != params.size()) {
      throw new IllegalArgumentException(
          "withGroups: "
              + all.size()
              + " parameters in "
              + split.size()
              + " groups for an optimizer of "
              + params.size()
              + "; each must be in one group");
    }
    groups = List.copyOf(out);
    return this;
  }

  /**
   * Exempts these parameters from weight decay, as fastai exempts biases and normalization layers;
   * returns this.
   */
  public final Optimizer withoutDecay(Collection<Tensor> exempt) {
    exempt.stream().filter(params::containsKey).forEach(t -> param("", t).decays = false);
    return this;
  }

  /**
   * Names the parameters, as {@code Module.namedParameters()} does; {@link #state} uses the names,
   * which are positions otherwise. Returns this.
   */
  public final Optimizer withNames(Map<String, Tensor> names) {
    names.forEach(
        (name, t) -> {
          if (params.containsKey(t)) {
            param("", t).name = name;
          }
        });
    return this;
  }

  /**
   * Lets these parameters learn in frozen groups too, as fastai does with normalization layers;
   * returns this.
   */
  public final Optimizer alwaysTrained(Collection<Tensor> trained) {
    trained.stream().filter(params::containsKey).forEach(t -> param("", t).alwaysTrained = true);
    return this;
  }

  /**
   * Whether weight decay shrinks the parameters by {@code lr · wd} before the step (the default),
   * or, with false, is added to the gradients as {@code wd · p}; returns this.
   */
  public final Optimizer decoupleWd(boolean decouple) {
    decoupleWd = decouple;
    return this;
  }

  private Param param(String op, Tensor t) {
    Param p = params.get(t);
    if (p == null) {
      throw new IllegalArgumentException(
          op + ": a tensor " + t.shape() + " is none of the optimizer's " + params.size());
    }
    return p;
  }

  // ---- hyper-parameters

  /** What is being optimized. */
  public final List<Tensor> parameters() {
    return parameters;
  }

  /** The groups, from the input of the model to its output. */
  public final List<ParamGroup> groups() {
    return groups;
  }

  /** The learning rate; the last group's. */
  public final double lr() {
    return groups.get(groups.size() - 1).hyper("lr");
  }

  /** Sets the learning rate of all groups for the steps to come. */
  public final void setLr(double lr) {
    setHyper("lr", lr);
  }

  /**
   * Sets a hyper-parameter of all groups, such as {@code mom}; returns this.
   *
   * @throws IllegalArgumentException if the optimizer has none of that name
   */
  public final Optimizer setHyper(String name, double value) {
    for (ParamGroup g : groups) {
      g.setHyper(name, value);
    }
    return this;
  }

  /**
   * Sets a hyper-parameter, one value for each group; returns this.
   *
   * @throws IllegalArgumentException if the optimizer has none of that name, or as many groups
   */
  public final Optimizer setHypers(String name, double... values) {
    if (values.length != groups.size()) {
      throw new IllegalArgumentException(
          values.length + " values of '" + name + "' for " + groups.size() + " parameter groups");
    }
    for (int i = 0; i < values.length; i++) {
      groups.get(i).setHyper(name, values[i]);
    }
    return this;
  }

  // ---- steps

  /** Moves every parameter that learns and has a gradient; {@link #zeroGrad()} should follow. */
  public final void step() {
    Autograd.noGrad(
        () ->
            Scope.run(
                () -> {
                  for (ParamGroup g : groups) {
                    for (ParamBatch b : g.batches(decoupleWd, movesParts())) {
                      update(b);
                      b.done();
                    }
                  }
                }));
  }

  /** Moves these parameters in place; called with recording off and a scope open. */
  protected abstract void update(ParamBatch batch);

  /**
   * Whether an element moves by its own gradients alone and, but for decoupled weight decay, stays
   * where those have always been zero. If so, of a convolution's kernel {@link #update} is given
   * only the {@linkplain Tensor#part part} that met the image: as a dense copy, with its axes in
   * the order of memory. False unless a subclass says so.
   */
  protected boolean movesParts() {
    return false;
  }

  /** Forgets the gradients, so that the next {@code backward()} starts from none. */
  public final void zeroGrad() {
    parameters.forEach(Tensor::zeroGrad);
  }

  /**
   * Lets the groups from number {@code n} on learn and freezes those before, but for parameters
   * that are {@linkplain #alwaysTrained always trained}; below zero it counts from the end, so that
   * -1 trains the last group alone. Clears the state, as fastai does; hyper-parameters stay.
   *
   * @throws IllegalArgumentException if there are fewer than {@code n} groups
   */
  public final void freezeTo(int n) {
    int first = n < 0 ? groups.size() + n : n;
    if (first < 0 || first > groups.size()) {
      throw new IllegalArgumentException(
          "freezeTo: " + n + " of " + groups.size() + " parameter groups");
    }
    frozenTo = first;
    for (int i = 0; i < groups.size(); i++) {
      for (Param p : groups.get(i).params()) {
        p.tensor().requiresGrad_(i >= first || p.alwaysTrained);
      }
    }
    clearState();
  }

  /** How many of the first groups {@link #freezeTo} has frozen. */
  public final int frozenTo() {
    return frozenTo;
  }

  // ---- state

  /** Forgets averages and step counts; hyper-parameters stay. */
  public final void clearState() {
    params.values().forEach(Param::clear);
  }

  /**
   * The names of the tensors kept for each parameter of a group with hyper-parameters as they are,
   * such as {@code grad_avg}; none unless a subclass says so. {@link #loadState} wants them all.
   */
  protected List<String> stateNames(ParamGroup group) {
    return List.of();
  }

  /**
   * Averages and step counts, by the name of the parameter and of the entry: {@code
   * 0.weight/grad_avg}, and {@code 0.weight/step}, an int64. The tensors are the optimizer's own,
   * which the next step changes, or copies of them. Hyper-parameters, which are numbers, are not in
   * it: see {@link ParamGroup#hypers}.
   */
  public final Map<String, Tensor> state() {
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (Param p : params.values()) {
      out.put(p.name + "/step", Tensor.of(new long[] {p.step}).reshape());
      p.wholeState().forEach((entry, t) -> out.put(p.name + "/" + entry, t));
    }
    return out;
  }

  /**
   * Takes over what {@link #state} gave; the steps that follow are those that would have followed
   * then. Hyper-parameters are to be set before, since what is kept depends on them.
   *
   * @throws IllegalArgumentException if an entry is missing, has another shape than its parameter,
   *     or is not the optimizer's; nothing has changed then
   */
  public final void loadState(Map<String, Tensor> state) {
    Set<String> unused = new TreeSet<>(state.keySet());
    Map<Param, Map<String, Tensor>> entries = new HashMap<>();
    Map<Param, Long> steps = new HashMap<>();
    for (ParamGroup g : groups) {
      List<String> names = stateNames(g);
      for (Param p : g.params()) {
        Tensor step = entry(state, unused, p.name + "/step");
        if (step.numel() != 1) {
          throw mismatch(p.name + "/step", step, "a single number");
        }
        steps.put(p, (long) step.item());
        Map<String, Tensor> own = new LinkedHashMap<>();
        if (steps.get(p) > 0) {
          for (String name : names) {
            Tensor t = entry(state, unused, p.name + "/" + name);
            if (!t.shape().equals(p.tensor().shape())) {
              throw mismatch(p.name + "/" + name, t, p.tensor().shape().toString());
            }
            own.put(name, t);
          }
        }
        entries.put(p, own);
      }
    }
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException(
          "loadState: '"
              + unused.iterator().next()
              + "' is no entry of this "
              + getClass().getSimpleName()
              + "; it is of another model or optimizer, or hyper-parameters were not set before");
    }
    Autograd.noGrad(
        () ->
            entries.forEach(
                (p, own) -> {
                  Map<String, Tensor> copies = new LinkedHashMap<>();
                  own.forEach(
                      (name, t) -> copies.put(name, Scope.keep(p.tensor().zerosLike().copy_(t))));
                  p.load(steps.getOrDefault(p, 0L), copies);
                }));
  }

  private static Tensor entry(Map<String, Tensor> state, Set<String> unused, String name) {
    Tensor t = state.get(name);
    if (t == null) {
      throw new IllegalArgumentException(
          "loadState: no entry '" + name + "'; the state is of another model or optimizer");
    }
    unused.remove(name);
    return t;
  }

  private static IllegalArgumentException mismatch(String name, Tensor t, String wanted) {
    return new IllegalArgumentException(
        "loadState: '" + name + "' is " + t.shape() + ", not " + wanted);
  }
}
