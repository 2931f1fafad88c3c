using CsCheck;
using Federation.Silo.Http;
using Federation.Silo.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Http;

public sealed class BodyReceiverTests
{
    private static readonly BatchSender Sender = new("host-1", true);

    private static readonly ServiceOptions Settings = new() { BodySeconds = 30, LeastBodyBytesPerSecond = 1000, MaxBodyBytes = 50_000, MaxBodiesBytes = 200_000 };

    private static readonly Gen<(int Milliseconds, int Bytes)[]> Arrivals = Gen.Frequency(
        (5, Gen.Select(Gen.Int[0, 900], Gen.Int[1, 20_000])), (1, Gen.Select(Gen.Int[0, 12_000], Gen.Int[1, 2_000]))).Array[0, 12];

    [Fact]
    public async Task A_body_comes_whole_or_is_refused_by_the_first_bound_that_it_breaks_and_leaves_no_memory_behind() => await Arrivals.SampleAsync(async arrivals =>
    {
        var clock = new FakeTimeProvider();
        var receiver = new BodyReceiver(Options.Create(Settings), clock);
        var script = new ScriptedBody(arrivals, clock);
        var context = new DefaultHttpContext { Request = { Body = script } };

        var (body, refusal) = await receiver.Receive(context.Request, Sender, CancellationToken.None);

        ((refusal as ProblemHttpResult)?.StatusCode).ShouldBe(Expected(arrivals));
        if (body is not null)
        {
            body.Content.ToArray().ShouldBe(script.Sent);
            receiver.Memory.Held.ShouldBeGreaterThanOrEqualTo(script.Sent.Length);
            body.Dispose();
        }

        receiver.Memory.Held.ShouldBe(0);
    });

    [Theory]
    [InlineData(1, 50_000, null)]
    [InlineData(1, 50_001, 413)]
    [InlineData(50_000, 1, null)]
    [InlineData(50_001, 1, 413)]
    [InlineData(5, 13_107, 413)]
    public async Task A_body_may_have_exactly_the_most_bytes_however_its_parts_come(int parts, int bytes, int? status)
    {
        foreach (var most in (int[])[50_000, 32 << 10, (32 << 10) + 1, 1000])
        {
            var clock = new FakeTimeProvider();
            var receiver = new BodyReceiver(Options.Create(new ServiceOptions { MaxBodyBytes = most, MaxBodiesBytes = 3 * most, LeastBodyBytesPerSecond = 1 }), clock);
            var script = new ScriptedBody([.. Enumerable.Repeat((0, Math.Max(1, (int)((long)bytes * most / 50_000))), parts)], clock);
            var (body, refusal) = await receiver.Receive(new DefaultHttpContext { Request = { Body = script } }.Request, Sender, TestContext.Current.CancellationToken);
            if (most == 50_000)
            {
                ((refusal as ProblemHttpResult)?.StatusCode).ShouldBe(status);
            }

            (body is null).ShouldBe(script.Sent.Length > most);
            body?.Content.ToArray().ShouldBe(script.Sent);
            body?.Dispose();
            receiver.Memory.Held.ShouldBe(0);
        }
    }

    [Fact]
    public async Task What_is_too_large_is_thrown_away_so_that_its_sender_hears_why_but_not_without_end()
    {
        var (clock, arrivals) = (new FakeTimeProvider(), Enumerable.Repeat((Milliseconds: 1, Bytes: 10_000), 100).ToArray());
        var receiver = new BodyReceiver(Options.Create(Settings), clock);
        var script = new ScriptedBody(arrivals, clock);
        var (_, refusal) = await receiver.Receive(new DefaultHttpContext { Request = { Body = script } }.Request, Sender, TestContext.Current.CancellationToken);
        refusal.ShouldBeOfType<ProblemHttpResult>().StatusCode.ShouldBe(413);
        script.Sent.Length.ShouldBe(410_000);
        receiver.Memory.Held.ShouldBe(0);
    }

    [Fact]
    public async Task A_body_that_is_announced_as_too_large_is_not_received_and_the_bound_is_named()
    {
        var receiver = new BodyReceiver(Options.Create(Settings), new FakeTimeProvider());
        var context = new DefaultHttpContext { Request = { Body = Stream.Null, ContentLength = 50_001 } };
        var (_, refusal) = await receiver.Receive(context.Request, Sender, TestContext.Current.CancellationToken);
        var problem = refusal.ShouldBeOfType<ProblemHttpResult>();
        problem.StatusCode.ShouldBe(413);
        problem.ProblemDetails.Detail!.ShouldContain("50000 bytes (Federation:MaxBodyBytes)");
    }

    [Fact]
    public void A_sender_that_has_all_of_its_memory_does_not_take_from_the_others() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 60], Gen.Bool).Array[1, 60].Sample(acts =>
        {
            var memory = new BodyMemory(mostInAll: 200, mostOfOne: 60);
            var held = new Dictionary<int, List<long>>();
            foreach (var (sender, bytes, isTaking) in acts)
            {
                var own = held.TryGetValue(sender, out var pieces) ? pieces : held[sender] = [];
                if (isTaking)
                {
                    var expected = own.Sum() + bytes > 60 ? MemoryGrant.SenderHasAllOfItsOwn
                        : held.Values.Sum(all => all.Sum()) + bytes > 200 ? MemoryGrant.AllIsTaken
                        : MemoryGrant.Granted;
                    memory.Take(new($"host-{sender}", true), bytes).ShouldBe(expected);
                    own.AddRange(expected == MemoryGrant.Granted ? [bytes] : []);
                }
                else if (own.Count > 0)
                {
                    memory.Return(new($"host-{sender}", true), own[^1]);
                    own.RemoveAt(own.Count - 1);
                }

                memory.Held.ShouldBe(held.Values.Sum(all => all.Sum()));
            }
        });

    // Held against the clock at each arrival, by the bounds as they are written down.
    private static int? Expected((int Milliseconds, int Bytes)[] arrivals)
    {
        var (now, received) = (0L, 0L);
        foreach (var (milliseconds, bytes) in arrivals)
        {
            now += milliseconds;
            if (now >= Math.Min(30_000, 5_000 + received))
            {
                return 408;
            }

            received += bytes;
        }

        return received > Settings.MaxBodyBytes ? 413 : null;
    }

    /// <summary>Bytes that come after waits, by a clock that it moves itself.</summary>
    private sealed class ScriptedBody((int Milliseconds, int Bytes)[] arrivals, FakeTimeProvider clock) : Stream
    {
        private readonly List<byte> sent = [];
        private int next;
        private int left;

        public byte[] Sent => [.. sent];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Length.ShouldBeGreaterThan(0);
            if (left == 0 && next < arrivals.Length)
            {
                clock.Advance(TimeSpan.FromMilliseconds(arrivals[next].Milliseconds));
                left = arrivals[next++].Bytes;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var bytes = Math.Min(left, buffer.Length);
            for (var i = 0; i < bytes; i++)
            {
                buffer.Span[i] = (byte)sent.Count;
                sent.Add((byte)sent.Count);
            }

            left -= bytes;
            return ValueTask.FromResult(bytes);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
