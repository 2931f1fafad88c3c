using System.Collections.Immutable;
using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Reading;

/// <summary>One thread that counts the frames of every feed; a cut waits until it has read up to every feed's mark.</summary>
internal sealed class FeedReader : IDisposable
{
    /// <summary>
    /// How long a cut waits at most. A feed hands its frames over within a tenth of a second; where the machine is too busy even to read
    /// them, they are counted in the next cut.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How often a cut looks again at a feed from which nothing comes.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly object gate = new();
    private readonly DescriptorPoll poll = new();
    private readonly Thread thread;
    private ImmutableArray<IFrameFeed> feeds = [];
    private TallyTable current;
    private TallyTable spare;
    private TallyTable before;
    private long dropped;
    private bool stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="capacity">The most keys between two cuts.</param>
    /// <param name="name">The thread's name.</param>
    /// <exception cref="IOException">The system refused.</exception>
    public FeedReader(int capacity, string name)
    {
        before = current = new TallyTable(capacity);
        spare = new TallyTable(capacity);
        thread = new Thread(Read) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Reads this feed from now on as well.</summary>
    public void Add(IFrameFeed feed) => Change(feeds => feeds.Add(feed));

    /// <summary>Counts what the feed has got up to now, and closes it.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public void Close(IFrameFeed feed)
    {
        lock (gate)
        {
            dropped += feed.Mark();
            AwaitMarks([feed]);
        }

        Change(feeds => feeds.Remove(feed));
        feed.Dispose();
    }

    /// <summary>Hands over everything that was counted since the call before.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public void CutTo(CutBuilder cut)
    {
        TallyTable finished;
        lock (gate)
        {
            foreach (var feed in feeds)
            {
                dropped += feed.Mark();
            }

            finished = current;
            (current, spare) = (spare, current);
            AwaitMarks(feeds);
            before = current;
            cut.AddDropped(dropped);
            dropped = 0;
        }

        finished.DrainTo(cut);
    }

    /// <summary>Stops the thread and closes every feed.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
        }

        poll.Wake();
        thread.Join();
        foreach (var feed in feeds)
        {
            feed.Dispose();
        }

        poll.Dispose();
    }

    private void Change(Func<ImmutableArray<IFrameFeed>, ImmutableArray<IFrameFeed>> change)
    {
        lock (gate)
        {
            feeds = change(feeds);
        }

        poll.Wake();
    }

    /// <summary>Lets the thread read on until every mark is reached. Called with the gate closed.</summary>
    private void AwaitMarks(ImmutableArray<IFrameFeed> marked)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (marked.Any(feed => !feed.IsReadToMark) && Environment.TickCount64 < deadline)
        {
            _ = Monitor.Wait(gate, LookAgain);
        }

        foreach (var feed in marked)
        {
            feed.Unmark();
        }
    }

    private void Read()
    {
        while (true)
        {
            lock (gate)
            {
                if (stopping)
                {
                    return;
                }

                foreach (var feed in feeds)
                {
                    feed.ReadInto(before, current);
                }

                Monitor.PulseAll(gate);
                poll.WaitFor(feeds);
            }

            poll.Wait();
        }
    }
}

/// <summary>One interface's frames, as they come to this process to be counted. Not safe for use by several threads.</summary>
internal interface IFrameFeed : IDisposable
{
    /// <summary>The descriptor that becomes readable when there are frames.</summary>
    int Descriptor { get; }

    /// <summary>Whether every frame that had arrived at <see cref="Mark"/> is counted.</summary>
    bool IsReadToMark { get; }

    /// <summary>Ends the window here: frames that have arrived up to now belong before, all others after, whenever they are read.</summary>
    /// <returns>Frames that passed and were lost since the call before.</returns>
    /// <exception cref="IOException">The system refused.</exception>
    long Mark();

    /// <summary>Takes the mark back: frames that were to come before it and have not been read belong after.</summary>
    void Unmark();

    /// <summary>Counts frames that are there, a buffer's worth at most, without waiting for any.</summary>
    /// <param name="before">For those before the mark.</param>
    /// <param name="after">For those after it.</param>
    void ReadInto(TallyTable before, TallyTable after);
}
