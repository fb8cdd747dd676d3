package io.millrace.tests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * Gives each expected thing a found one that fits it, as many as can be (Kuhn's algorithm): an expectation that says
 * little must not take what one that says more needs.
 *
 * @param missing expected, and not found
 * @param unexpected found, and not expected
 */
record Pairing<E, F>(List<E> missing, List<F> unexpected) {

    static <E, F> Pairing<E, F> of(List<E> expected, List<F> found, BiPredicate<E, F> fits) {
        int[] taker = new int[found.size()];
        Arrays.fill(taker, -1);
        List<E> missing = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            if (!give(i, expected, found, fits, taker, new boolean[taker.length])) {
                missing.add(expected.get(i));
            }
        }
        List<F> unexpected = IntStream.range(0, taker.length)
                .filter(i -> taker[i] < 0)
                .<F>mapToObj(found::get)
                .toList();
        return new Pairing<>(missing, unexpected);
    }

    private static <E, F> boolean give(
            int i, List<E> expected, List<F> found, BiPredicate<E, F> fits, int[] taker, boolean[] tried) {
        for (int j = 0; j < taker.length; j++) {
            if (!tried[j] && fits.test(expected.get(i), found.get(j))) {
                tried[j] = true;
                if (taker[j] < 0 || give(taker[j], expected, found, fits, taker, tried)) {
                    taker[j] = i;
                    return true;
                }
            }
        }
        return false;
    }

    boolean complete() {
        return missing.isEmpty() && unexpected.isEmpty();
    }
}
