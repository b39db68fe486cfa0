package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.Fault;
import io.tiphys.local.objectstore.Faults;
import io.tiphys.local.objectstore.http.HttpHandler;
import io.tiphys.local.objectstore.http.HttpRequest;
import io.tiphys.local.objectstore.http.HttpResponse;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Breaks what tests want broken, on the wire: before a signature or a sum is checked, after an answer is made. */
public final class FaultyService implements HttpHandler {
    private static final String NO_ID = "0";

    private final String endpointHost;
    private final Faults faults;
    private final HttpHandler whole;

    public FaultyService(String endpointHost, Faults faults, HttpHandler whole) {
        this.endpointHost = endpointHost;
        this.faults = faults;
        this.whole = whole;
    }

    @Override
    public HttpResponse answer(HttpRequest http) throws IOException {
        Fault fault = faults.next(seen(http));
        return switch (fault) {
            case null -> whole.answer(http);
            case Fault.Drop() -> throw new DroppedConnection();
            case Fault.DropAnswer() -> {
                whole.answer(http).onSent().run();
                throw new DroppedConnection();
            }
            case Fault.Delay(var by) -> {
                LockSupport.parkNanos(by.toNanos());
                yield whole.answer(http);
            }
            case Fault.Refuse(int status, String code) ->
                OssService.error(new OssException(status, code, "Refused on purpose."), NO_ID, endpointHost);
            case Fault.FlipBit(long at)
            when http.contentLength() != 0 -> whole.answer(http.withBody(new FlippedStream(http.body(), at)));
            case Fault.FlipBit(long at) -> damaged(whole.answer(http), at, Long.MAX_VALUE);
            case Fault.CutBody(long after) -> damaged(whole.answer(http), -1, after);
        };
    }

    private Faults.Request seen(HttpRequest http) {
        try {
            OssRequest request = OssRequest.parse(http, endpointHost);
            return new Faults.Request(http.method(), request.bucket(), request.key(), http.rawQuery());
        } catch (OssException e) {
            return new Faults.Request(http.method(), "", "", http.rawQuery()); // refused when it is answered
        }
    }

    private static HttpResponse damaged(HttpResponse response, long flipAt, long cutAfter) {
        return response.withBody(new HttpResponse.Damaged(response.body(), flipAt, cutAfter));
    }
}
