package io.tiphys.artifacts.gcs;

import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The XML API's answers; no entity is ever followed. */
final class Documents {
    private Documents() {}

    static Element parse(String what, InputStream in) throws StoreException {
        try (in) {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new InputSource(in)).getDocumentElement();
        } catch (SAXException | IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot " + what + ": the answer is no XML", e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser lacks a feature", e);
        }
    }

    static List<Element> all(Element root, String name) {
        var found = new ArrayList<Element>();
        for (var node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    static String text(Element parent, String name) {
        var found = all(parent, name);
        return found.isEmpty() ? "" : found.getFirst().getTextContent();
    }

    /** A key of a listing with {@code encoding-type=url}. */
    static String key(Element parent, String name) {
        return URLDecoder.decode(text(parent, name), StandardCharsets.UTF_8);
    }
}
