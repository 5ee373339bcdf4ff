/** What tests of tensors use: assertions that print both sides, and a check for leaks. */
@NullMarked
package org.fastai4j.testkit;

import org.jspecify.annotations.NullMarked;
