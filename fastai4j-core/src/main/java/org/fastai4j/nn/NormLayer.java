package org.fastai4j.nn;

/**
 * The mark of normalization layers: weight decay leaves their parameters alone, and they learn when
 * the layers around them are frozen.
 */
public interface NormLayer {}
