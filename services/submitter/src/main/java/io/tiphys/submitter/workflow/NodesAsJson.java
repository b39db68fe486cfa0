package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * A workflow's nodes on their way from where they are kept, to be read once.
 *
 * @param in a JSON object that has the nodes by their ids
 * @param wrapped whether that object is the only field of another one
 */
record NodesAsJson(InputStream in, boolean wrapped) implements Closeable {

    /** A parser that stands at the beginning of the object with the nodes. */
    JsonParser parser(ObjectMapper json) throws IOException {
        JsonParser parser = json.createParser(in);
        parser.nextToken();
        if (wrapped) {
            parser.nextToken();
            parser.nextToken();
        }
        if (!parser.isExpectedStartObjectToken()) {
            throw new IOException("nodes are no JSON object");
        }
        return parser;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
