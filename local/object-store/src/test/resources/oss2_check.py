"""What Alibaba Cloud's Python SDK does to OSS, done to an endpoint. Usage: oss2_check.py ENDPOINT ID SECRET v1|v4"""

import sys

import oss2
from oss2.models import LifecycleExpiration, LifecycleRule, BucketLifecycle, PartInfo

endpoint, key_id, secret, version = sys.argv[1:5]
provider = oss2.credentials.StaticCredentialsProvider(key_id, secret)
if version == "v4":
    auth = oss2.ProviderAuthV4(provider)
else:
    auth = oss2.ProviderAuth(provider)
bucket = oss2.Bucket(auth, endpoint, "python-" + version, region="cn-hangzhou")
bucket.create_bucket()

KEY = "dir/a b+ü&<x>.txt"
put = bucket.put_object(KEY, b"0123456789", headers={"x-oss-meta-owner": "argo"})
assert bucket.get_object(KEY).read() == b"0123456789"  # the SDK compares the CRC64
assert bucket.get_object(KEY, byte_range=(2, 4)).read() == b"234"
head = bucket.head_object(KEY)
assert head.content_length == 10 and head.headers["x-oss-meta-owner"] == "argo", head.headers
assert head.etag == put.etag

upload = bucket.init_multipart_upload("big").upload_id
parts = []
for number, content in ((1, b"a" * 102400), (2, b"b" * 10)):
    part = bucket.upload_part("big", upload, number, content)
    parts.append(PartInfo(number, part.etag, size=len(content), part_crc=part.crc))
assert [p.size for p in bucket.list_parts("big", upload).parts] == [102400, 10]
assert [u.key for u in oss2.MultipartUploadIterator(bucket)] == ["big"]
bucket.complete_multipart_upload("big", upload, parts)
assert bucket.head_object("big").content_length == 102410
gone = bucket.init_multipart_upload("gone").upload_id
bucket.abort_multipart_upload("gone", gone)
assert list(oss2.MultipartUploadIterator(bucket)) == []

bucket.copy_object(bucket.bucket_name, KEY, "copy")
for n in range(205):
    bucket.put_object("list/%03d" % n, b"")
assert [o.key for o in oss2.ObjectIterator(bucket, prefix="list/")] == ["list/%03d" % n for n in range(205)]
assert [o.key for o in oss2.ObjectIteratorV2(bucket, delimiter="/")] == ["big", "copy", "dir/", "list/"]
deleted = bucket.batch_delete_objects([o.key for o in oss2.ObjectIterator(bucket, prefix="list/")] + ["never there"])
assert len(deleted.deleted_keys) == 206

url = bucket.sign_url("GET", KEY, 60, slash_safe=True)
assert oss2.Bucket(oss2.AnonymousAuth(), endpoint, bucket.bucket_name).get_object_with_url(url).read() == b"0123456789"

rule = LifecycleRule("tmp", "tmp/", expiration=LifecycleExpiration(days=3))
bucket.put_bucket_lifecycle(BucketLifecycle([rule]))
assert [(r.id, r.prefix, r.expiration.days) for r in bucket.get_bucket_lifecycle().rules] == [("tmp", "tmp/", 3)]
bucket.delete_bucket_lifecycle()

try:
    bucket.get_object("missing")
    raise AssertionError("missing object was found")
except oss2.exceptions.NoSuchKey:
    pass
try:
    bucket.get_object(KEY, headers={"If-Match": "0"})
    raise AssertionError("condition was not looked at")
except oss2.exceptions.PreconditionFailed:
    pass

for key in (KEY, "big", "copy"):
    bucket.delete_object(key)
bucket.delete_bucket()
print("ok")
