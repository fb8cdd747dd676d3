package io.millrace.server.ops;

import io.millrace.log.PartitionName;

/** A request that is followed. Used by the request's thread. */
public interface RequestTrace {

    /** As in {@code traceparent}. */
    String traceId();

    /** Records are handed over to the log. */
    Append append(String stream, int records);

    /**
     * The request has ended.
     *
     * @param status of its answer; 0 where it got none
     */
    void end(int status);

    /** An append to the log that is followed. It is known by its place to the commits that come. */
    interface Append extends AutoCloseable {

        /**
         * Records are on disk.
         *
         * @param end the offset after their last byte
         */
        void stored(PartitionName partition, long end);

        /** They were on disk already; what loads them has its place in the trace of the request that brought them. */
        void repeated();

        /** It has ended, well where it was stored or repeated. */
        @Override
        void close();
    }
}
