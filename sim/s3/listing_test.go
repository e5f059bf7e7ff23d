package s3_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

type listing struct {
	XMLName  xml.Name `xml:"ListBucketResult"`
	Prefix   string
	Contents []struct{ Key, LastModified string }
	Common   []struct{ Prefix string } `xml:"CommonPrefixes"`
}

// stocked is a bucket with a few objects, whose owner may list it.
func stocked(t *testing.T) *account {
	t.Helper()
	a := deployed(t, photos)
	a.access.allowed["s3:ListBucket arn:aws:s3:::holiday-photos"] = true
	for _, key := range []string{"ana/a b.jpg", "ana/sea/1.jpg", "bob/beach.jpg"} {
		a.Must("PutObject", object{"Bucket": "holiday-photos", "Key": key, "Body": "x"})
	}
	return a
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
func TestABucketIsListedOverHTTP(t *testing.T) {
	a := stocked(t)
	for _, url := range []string{
		"https://holiday-photos.s3.us-east-1.amazonaws.com/?list-type=2&prefix=ana/&delimiter=/&encoding-type=url",
		"https://s3.us-east-1.amazonaws.com/holiday-photos?list-type=2&prefix=ana/&delimiter=/&encoding-type=url",
	} {
		r := a.sendTo("GET", url, signature, "")
		var got listing
		if err := xml.Unmarshal([]byte(r.Body), &got); err != nil || r.Status != 200 {
			t.Fatalf("%s: %d %s", url, r.Status, r.Body)
		}
		if got.Prefix != "ana/" || len(got.Contents) != 1 || got.Contents[0].Key != "ana/a+b.jpg" || got.Contents[0].LastModified != "2026-03-02T09:00:00.000Z" ||
			len(got.Common) != 1 || got.Common[0].Prefix != "ana/sea/" {
			t.Errorf("%s: %+v", url, got)
		}
		keys := a.access.asked[len(a.access.asked)-1].Keys
		if diff := cmp.Diff([]string{"ana/"}, keys["s3:prefix"]); diff != "" {
			t.Errorf("s3:prefix (-want +got):\n%s", diff)
		}
	}
}

func TestAListingIsRefusedWithoutPermission(t *testing.T) {
	a := deployed(t, photos)
	r := a.send("GET", "/?list-type=2", "", "")
	if d := errorOf(t, r); r.Status != 403 || d.Code != "AccessDenied" {
		t.Errorf("answer is %d %+v", r.Status, d)
	}
	if rule := tracetest.Decider(a.Last, 1); rule != "s3.anonymous" {
		t.Errorf("%s decided", rule)
	}
	if d := errorOf(t, a.send("GET", "/?list-type=2&max-keys=many", signature, "")); d.Code != "InvalidArgument" {
		t.Errorf("answer is %+v", d)
	}
}

func TestOtherRequestsForBucketsAreNotSimulated(t *testing.T) {
	a := deployed(t, photos)
	for _, url := range []string{"https://holiday-photos.s3.us-east-1.amazonaws.com/?acl", "https://s3.us-east-1.amazonaws.com/", "https://holiday-photos.s3.us-east-1.amazonaws.com/?list-type=2&fetch-owner=true&x"} {
		request := api.HTTPRequest{Method: "DELETE", URL: url, Header: api.Header{}}
		_, err := a.s3.Site().Serve(a.World.Recorder().Flow().Open("App", "S3", "DELETE", trace.Message{}), request)
		if err == nil || !strings.Contains(err.Error(), "only ListObjectsV2 is simulated") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
func TestABodyIsTakenOutOfItsChunks(t *testing.T) {
	for name, row := range map[string]struct {
		payload, body string
		status        int
		stored        string
	}{
		"two chunks and a trailer": {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", "4\r\na ph\r\n3\r\noto\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", 200, "a photo"},
		"half a chunk":             {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", "400\r\na ph", 400, ""},
		"no chunks":                {"UNSIGNED-PAYLOAD", "4\r\na ph", 200, "4\r\na ph"},
	} {
		a := deployed(t, photos)
		request := api.HTTPRequest{
			Method: "PUT", URL: "https://holiday-photos.s3.us-east-1.amazonaws.com/ana/beach.jpg", Body: row.body,
			Header: api.Header{"authorization": {signature}, "x-amz-content-sha256": {row.payload}},
		}
		response, err := a.s3.Site().Serve(a.World.Recorder().Flow(), request)
		if err != nil || response.Status != row.status {
			t.Fatalf("%s: %+v, %v", name, response, err)
		}
		if row.status != 200 {
			continue
		}
		if got := a.Must("GetObject", object{"Bucket": "holiday-photos", "Key": "ana/beach.jpg"}); got["Body"] != row.stored {
			t.Errorf("%s: stored %q", name, got["Body"])
		}
	}
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
func TestAHeadSaysHowLongTheObjectIs(t *testing.T) {
	a := deployed(t, photos)
	a.Must("PutObject", object{"Bucket": "holiday-photos", "Key": "ana/beach.jpg", "Body": "a photo"})
	if r := a.send("HEAD", "/ana/beach.jpg", signature, ""); r.Status != 200 || r.Header.Get("content-length") != "7" || r.Body != "" {
		t.Errorf("HEAD: %+v", r)
	}
}
