package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CareTest {

    private final Care care = new Care();

    @Test
    void itLastsForAsManyRecordsAsWereRefused() {
        assertThat(care.needed()).isFalse();
        care.refused(100);
        care.committed(60, 0);
        assertThat(care.needed()).isTrue();
        care.committed(40, 1);
        assertThat(care.needed()).isFalse();
    }

    @Test
    void itLastsTwiceAsLongWhereTheNextIsRefusedTooSoon() {
        refusedFor(100, 1);
        care.refused(100);
        care.committed(200, 1);
        assertThat(care.needed()).isFalse();
        care.committed(199, 0);
        care.refused(100);
        care.committed(399, 1);
        assertThat(care.needed()).isTrue();
        care.committed(1, 0);
        assertThat(care.needed()).isFalse();
    }

    @Test
    void itIsAsShortAsAtFirstAfterALongStretchWithoutAFault() {
        refusedFor(100, 1);
        care.committed(100, 0);
        refusedFor(100, 1);
        assertThat(care.needed()).isFalse();
    }

    @Test
    void itIsAsShortAsAtFirstWhereNoneWasFound() {
        refusedFor(100, 1);
        care.refused(100);
        care.committed(200, 0);
        refusedFor(100, 0);
        assertThat(care.needed()).isFalse();
    }

    private void refusedFor(long records, long refused) {
        care.refused(records);
        care.committed(records, refused);
    }
}
