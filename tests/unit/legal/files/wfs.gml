<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="urn:a">
<wfs:member><a:pacht gml:id="p1"><a:flaeche>300</a:flaeche><a:paechter><a:person><a:vorname>Udo</a:vorname><a:nachname>Kern</a:nachname></a:person></a:paechter><a:geom><gml:Point srsName="EPSG:25832"><gml:pos>1 2</gml:pos></gml:Point></a:geom></a:pacht></wfs:member>
<wfs:member><a:pacht gml:id="p2"><a:flaeche>310</a:flaeche><a:paechter><a:person><a:vorname>Ilse</a:vorname><a:nachname>Renner</a:nachname></a:person></a:paechter></a:pacht></wfs:member>
</wfs:FeatureCollection>