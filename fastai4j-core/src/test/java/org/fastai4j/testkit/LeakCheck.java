package org.fastai4j.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that ends with more live native tensors than it began with.
 *
 * <p>Registered for every test of the module. Each test runs in a scope of its own, so what is left
 * over was kept out of it (a parameter, a data set) and is still reachable: a static, a cache.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace SPACE =
      ExtensionContext.Namespace.create(LeakCheck.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(SPACE);
    store.put("live", Torch.liveTensors());
    store.put("scope", Scope.open());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(SPACE);
    requireNonNull(store.remove("scope", Scope.class)).close();
    long before = requireNonNull(store.remove("live", Long.class));
    for (int i = 0; i < 100 && Torch.liveTensors() > before; i++) {
      System.gc();
      LockSupport.parkNanos(5_000_000); // for the cleaner's thread
    }
    assertThat(Torch.liveTensors())
        .as("live native tensors after %s (leak?)", context.getDisplayName())
        .isLessThanOrEqualTo(before);
  }
}
