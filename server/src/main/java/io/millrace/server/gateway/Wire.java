package io.millrace.server.gateway;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import io.millrace.formats.JsonText;
import io.millrace.server.auth.Tokens;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection, between its socket and what Helidon makes of it. It tells HTTP/1.1 from HTTP/2, ends the connection when
 * the client is too slow, and bounds what Helidon reads ahead of a body.
 *
 * <p>Reading, and requests of HTTP/1.1, are confined to the connection's thread. Requests of HTTP/2 each have a thread,
 * which only calls {@link #enter}, {@link #leave} and {@link #cut}.
 */
final class Wire implements ConnectionContext, ServerConnection, InterruptableTask<Void> {

    private static final System.Logger LOG = System.getLogger(Wire.class.getName());

    /** A body no longer than this is read into memory that the connection keeps. */
    static final int SCRATCH_BYTES = 8 << 10;

    /** What is read ahead and not counted: one read of the socket may bring as much. */
    private static final int FREE_BYTES = 64 << 10;

    /** A client of which so many heads in a row were all new is not one that repeats itself. */
    private static final int MOST_MISSES = 16;

    private static final byte[] HTTP2_PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** What HTTP/1.1 is doing. */
    private enum Phase {
        IDLE,
        HEAD,
        BUSY,
        BODY
    }

    private final ConnectionContext real;
    private final Protocols protocols;
    private final HelidonSocket socket;
    private final DataReader reader = DataReader.create(this::read);
    private final Watch.Deadline deadline;
    private final AtomicInteger requests = new AtomicInteger();
    private final String remoteAddress;
    private final JsonText json = new JsonText();
    private final Tokens.Last token = new Tokens.Last();

    private volatile @Nullable ServerConnection delegate;
    private volatile @Nullable Thread thread;
    private volatile boolean closing;

    /** Whether a request is being answered that Helidon does not know of. */
    private volatile boolean direct;

    // Confined to the connection's thread.
    private Phase phase = Phase.IDLE;
    private byte @Nullable [] scratch;
    private long ahead;
    private long reserved;

    /** What the request that is under way began with, where nothing has come since. */
    private byte @Nullable [] first;

    private @Nullable KnownHead known;
    private @Nullable Consumer<Transport> directly;
    private int misses;
    private int directRequests;

    Wire(ConnectionContext real, Protocols protocols) {
        this.real = real;
        this.protocols = protocols;
        this.socket = real.serverSocket();
        this.remoteAddress = real.remotePeer().address() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "unknown";
        this.deadline = protocols.watch().open(this::cut);
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        thread = Thread.currentThread();
        try {
            deadline.in(protocols.limits().idle().toMillis());
            ServerConnection chosen = choose();
            delegate = chosen;
            if (closing) {
                chosen.close(false);
            }
            chosen.handle(limit);
        } finally {
            deadline.close();
            giveBack();
            TlsGuard tls = protocols.tls();
            if (tls != null) {
                tls.forget(real.remotePeer().address());
            }
        }
    }

    private ServerConnection choose() {
        boolean http2 = socket.protocolNegotiated() ? socket.protocol().equals("h2") : reader.startsWith(HTTP2_PREFACE);
        return http2 ? protocols.http2(this) : protocols.http1(this);
    }

    /** Reads what has come and is Helidon's to parse. */
    private byte[] read() {
        while (true) {
            byte[] bytes = receive();
            if (phase == Phase.IDLE) {
                boolean begins = reader.available() == 0;
                if (begins && answeredDirectly(bytes)) {
                    letOthersGoOn();
                    continue;
                }
                first = begins ? bytes : null;
                phase = Phase.HEAD;
                deadline.in(protocols.limits().head().toMillis());
            } else {
                first = null;
                if (phase == Phase.BODY) {
                    ahead += bytes.length;
                    if (ahead > FREE_BYTES) {
                        reserve();
                    }
                }
            }
            return bytes;
        }
    }

    /** When it is our turn again, the next request has mostly come and need not be waited for. */
    @SuppressWarnings("ThreadPriorityCheck") // virtual threads yield to each other as said
    private static void letOthersGoOn() {
        Thread.yield();
    }

    private byte[] receive() {
        byte[] bytes;
        try {
            bytes = socket.get();
        } catch (UncheckedIOException e) {
            throw new ServerConnectionException("The connection could not be read", e);
        }
        if (bytes == null) {
            // Told to Helidon as the end of the data, it would be a bug and be logged, within a head.
            throw new CloseConnectionException("The client closed the connection");
        }
        return bytes;
    }

    /**
     * Remembers the head of the request that was just answered.
     *
     * @param answer answers such a request when it comes again
     */
    void learn(Transport transport, Consumer<Transport> answer) {
        byte[] request = first;
        first = null;
        if (request != null && misses < MOST_MISSES) {
            known = KnownHead.of(request, transport.prologue(), transport.headers());
            directly = answer;
        }
    }

    /** Learns nothing of the request that was just answered: what it began with is not what the next one begins with. */
    void learnNothing() {
        first = null;
    }

    /** How many requests were answered that Helidon has not parsed. */
    int directRequests() {
        return directRequests;
    }

    private boolean answeredDirectly(byte[] request) {
        KnownHead head = known;
        Consumer<Transport> answer = directly;
        if (head == null || answer == null) {
            return false;
        }
        int body = head.match(request);
        if (body < 0) {
            misses++;
            known = null;
            return false;
        }
        misses = 0;
        directRequests++;
        direct = true;
        try {
            answer.accept(new DirectTransport(this, head, request, body));
        } finally {
            direct = false;
        }
        if (closing) {
            throw new CloseConnectionException("The server stops");
        }
        return true;
    }

    /** Helidon gathers a chunk of a body until it is whole, however long the client says that it is. */
    private void reserve() {
        if (ahead > protocols.limits().body().bytes() + FREE_BYTES) {
            throw new TooMuch(true);
        }
        if (ahead > reserved) {
            if (!protocols.budget().take(FREE_BYTES)) {
                throw new TooMuch(false);
            }
            reserved += FREE_BYTES;
        }
    }

    /** More has come than may be kept. */
    static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean ofThisBody;

        private TooMuch(boolean ofThisBody) {
            super("More bytes have come than may be kept", null, false, false);
            this.ofThisBody = ofThisBody;
        }

        /** Whether the body itself is too long; otherwise all bodies together are. */
        boolean ofThisBody() {
            return ofThisBody;
        }
    }

    /** A request begins. */
    void enter(boolean http2) {
        if (!http2) {
            phase = Phase.BUSY;
        } else {
            requests.incrementAndGet();
        }
        deadline.none();
    }

    /** A request of HTTP/1.1 reads its body. */
    void beginBody() {
        phase = Phase.BODY;
        ahead = 0;
    }

    /** All that was read ahead of the body was taken over. */
    void tookOver() {
        ahead = 0;
    }

    /** A request has ended. */
    void leave(boolean http2) {
        if (!http2) {
            phase = Phase.IDLE;
            giveBack();
            deadline.in(protocols.limits().idle().toMillis());
        } else if (requests.decrementAndGet() == 0) {
            deadline.in(protocols.limits().idle().toMillis());
        }
    }

    private void giveBack() {
        if (reserved > 0) {
            protocols.budget().give(reserved);
            reserved = 0;
        }
    }

    /** The deadline of the request of HTTP/1.1 that is under way. */
    Watch.Deadline deadline() {
        return deadline;
    }

    /** Memory for the body of a request of HTTP/1.1. */
    byte[] scratch() {
        byte[] bytes = scratch;
        if (bytes == null) {
            bytes = new byte[SCRATCH_BYTES];
            scratch = bytes;
        }
        return bytes;
    }

    /** For the one request of HTTP/1.1 that is under way. */
    JsonText json() {
        return json;
    }

    /** The token of the request of HTTP/1.1 before. */
    Tokens.Last token() {
        return token;
    }

    /** Ends the connection from any thread, whatever it is doing. Does not wait. */
    void cut() {
        TlsGuard tls = protocols.tls();
        if (tls != null && tls.cut(real.remotePeer().address())) {
            return;
        }
        Thread.startVirtualThread(() -> {
            try {
                socket.close();
            } catch (UncheckedIOException e) {
                // The client was faster: it is closed, which is what was wanted.
                LOG.log(System.Logger.Level.TRACE, "A connection was closed already", e);
            }
        });
    }

    String remoteAddress() {
        return remoteAddress;
    }

    /** Idle connections are ended by their deadline. */
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        closing = true;
        ServerConnection chosen = delegate;
        Thread reading = thread;
        if (direct && !interrupt) {
            // To Helidon the connection waits for a request, and may be interrupted; it ends when this one is answered.
            return;
        }
        if (chosen != null) {
            chosen.close(interrupt);
        } else if (reading != null) {
            reading.interrupt();
        }
    }

    @Override
    public boolean canInterrupt() {
        ServerConnection chosen = delegate;
        return !direct && (chosen == null || (chosen instanceof InterruptableTask<?> task && task.canInterrupt()));
    }

    @Override
    public ListenerContext listenerContext() {
        return real.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return real.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return real.dataWriter();
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public Router router() {
        return real.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return real.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return socket;
    }

    @Override
    public PeerInfo remotePeer() {
        return real.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return real.localPeer();
    }

    @Override
    public boolean isSecure() {
        return real.isSecure();
    }

    @Override
    public String socketId() {
        return real.socketId();
    }

    @Override
    public String childSocketId() {
        return real.childSocketId();
    }
}
