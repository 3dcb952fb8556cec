import java.io.IOException;
import java.util.Properties;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Solr 9 in its own Jetty on loopback: home folder, port.  It ends with its standard input. */
public final class Solr9 {
    public static void main(String[] arguments) throws Exception {
        JettyConfig config = JettyConfig.builder().setContext("/solr").setPort(Integer.parseInt(arguments[1])).build();
        JettySolrRunner solr = new JettySolrRunner(arguments[0], new Properties(), config);
        solr.start();
        System.out.println("ready " + solr.getLocalPort());
        while (System.in.read() >= 0) { }
        solr.stop();
        System.exit(0);
    }
}
