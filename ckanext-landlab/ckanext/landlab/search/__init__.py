"""The search service: Solr's protocol, as far as CKAN speaks it, on tantivy."""
