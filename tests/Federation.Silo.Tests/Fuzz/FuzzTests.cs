using System.Globalization;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Fuzz;

/// <summary>Mutated bodies and captures with a fixed seed; tests/bench/fuzz.sh runs the same with 10^6 of them.</summary>
/// <remarks>Alone, once the other tests of the process are over: what these take of memory is only then told from what others do.</remarks>
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests
{
    private const int Seed = 20261125;
    private const long MostMemory = 200L << 20;

    private readonly long before = GC.GetTotalMemory(forceFullCollection: true);

    private static int First => Setting("FEDERATION_FUZZ_FIRST", 0);

    private static int End => First + Setting("FEDERATION_FUZZ", 10_000);

    [Fact]
    public async Task No_body_breaks_the_ingest()
    {
        await using var service = await RunningService.Start("--Federation:SensorWindowsPerSecond=1000000");
        await service.Apply(SampleFiles.Application());
        var bases = Bodies();
        var statuses = new int[600];
        await Parallel.ForAsync(First, End, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            var random = new Random(Seed + number);
            var (content, coding) = bases[random.Next(bases.Length)];
            var body = Mutation.Of(content, random);
            if (coding == "gzip" && random.Next(2) == 0)
            {
                // Inside of what gzip holds, or the file itself.
                body = Batches.Gzip(Mutation.Of(bases[0].Content, random));
            }

            using var response = await service.Send(body, coding);
            var status = (int)response.StatusCode;
            Interlocked.Increment(ref statuses[status]);
            (status is 200 or (>= 400 and < 500)).ShouldBeTrue($"number {number}: {status}");
        });
        TestContext.Current.SendDiagnosticMessage(string.Join(
            ", ", statuses.Select((count, status) => (count, status)).Where(entry => entry.count > 0).Select(entry => $"{entry.status}: {entry.count}")));
        statuses[400].ShouldBeGreaterThan(0);
        (await service.Read($"/v1/applications/cg/traffic?windows=3&until={Batches.Until}")).GetProperty("matrices").GetArrayLength().ShouldBe(1);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public void No_capture_breaks_the_reading()
    {
        var bases = ((string[])["phases.pcap.gz", "cg-a-8.pcap.gz"]).SelectMany(Captures).ToArray();
        var (read, refused) = (0, 0);
        Parallel.For(First, End, new ParallelOptions { MaxDegreeOfParallelism = 2 }, number =>
        {
            var random = new Random(Seed - number);
            var path = Path.Combine(Path.GetTempPath(), $"federation-fuzz-{Environment.ProcessId}-{number}");
            File.WriteAllBytes(path, Mutation.Of(bases[random.Next(bases.Length)], random));
            try
            {
                var traffic = CaptureTraffic.Read(path, TestContext.Current.CancellationToken);
                (traffic.Matrix().Values.Sum(tally => tally.Packets) + traffic.LeftOut.Sum(left => left.Frames.Packets)).ShouldBe(traffic.End.Frames, $"number {number}");
                Interlocked.Increment(ref read);
            }
            catch (CaptureException)
            {
                Interlocked.Increment(ref refused);
            }
            finally
            {
                File.Delete(path);
            }
        });
        TestContext.Current.SendDiagnosticMessage($"read: {read}, refused: {refused}");
        refused.ShouldBeGreaterThan(0);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostMemory);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static (byte[] Content, string? Coding)[] Bodies()
    {
        var small = Batches.Of("cg", Batches.Posted("vm1", 1, 1));
        var large = Batches.Of(null, [.. Enumerable.Range(1, 8).Select(i => Batches.Posted($"vm{i}", i, i, 1L << (6 * i), "cg") with { Dropped = i })]);
        return [(small.Json(), null), (large.Json(), null), (Batches.Gzip(small.Json()), "gzip"), (Batches.Gzip(large.Json()), "gzip")];
    }

    // The head of a capture, so that a change hits what matters: as it is and unpacked.
    private static IEnumerable<byte[]> Captures(string name)
    {
        var packed = File.ReadAllBytes(Replaying.PathOf(name));
        using var unpacked = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        var head = unpacked.ToArray().AsSpan(0, (int)Math.Min(unpacked.Length, 4000)).ToArray();
        return [head, Batches.Gzip(head)];
    }
}
