package org.fastai4j.app;

/**
 * Which net the user wants; already checked.
 *
 * @param arch its name
 * @param pretrained whether it begins with published weights
 * @param bf16 whether products are computed in bfloat16
 * @param device where it is
 */
record NetRequest(String arch, boolean pretrained, boolean bf16, String device) {}
