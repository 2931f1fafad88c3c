using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteAbsencesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);
    private static readonly SiteId[] Names = [new("a"), new("b")];

    [Fact]
    public void A_loss_is_told_once_it_has_lasted_and_counts_from_when_it_was_first_seen()
    {
        var first = new SiteAbsences().After([Names[0]], Start);
        first.Lost.ShouldBeEmpty();
        first.Next.Away[Names[0]].Since.ShouldBe(Start);

        var second = first.Next.After([Names[0]], Start + SiteAbsences.Patience);
        second.Lost.ShouldBe([Names[0]]);
        second.Next.Away[Names[0]].Since.ShouldBe(Start);
    }

    [Fact]
    public void A_site_that_is_back_sooner_was_never_lost()
    {
        var news = new SiteAbsences().After([Names[0]], Start).Next.After([], Start.AddSeconds(2));

        news.Lost.ShouldBeEmpty();
        news.Returned.ShouldBeEmpty();
        news.Next.Away.ShouldBeEmpty();
    }

    [Fact]
    public void After_the_clock_was_set_back_an_absence_counts_from_then()
    {
        var news = new SiteAbsences().After([Names[0]], Start).Next.After([Names[0]], Start.AddHours(-1));

        news.Next.Away[Names[0]].Since.ShouldBe(Start.AddHours(-1));
        news.Lost.ShouldBeEmpty();
    }

    // The oracle: loss and return of a site alternate, each loss has lasted, and what is told to be lost is what is away for long enough.
    [Fact]
    public void Losses_and_returns_alternate_and_each_is_told_once() => Gen.Select(Gen.Int[0, 3], Gen.Int[1, 15]).Array[1, 60].Sample(looks =>
    {
        var (state, now) = (new SiteAbsences(), Start);
        var told = new HashSet<SiteId>();
        var since = new Dictionary<SiteId, DateTimeOffset>();
        foreach (var (mask, seconds) in looks)
        {
            now = now.AddSeconds(seconds);
            SiteId[] away = [.. Names.Where((_, index) => (mask & (1 << index)) != 0)];
            foreach (var site in Names)
            {
                since = away.Contains(site) ? new(since) { [site] = since.GetValueOrDefault(site, now) } : since.Where(entry => entry.Key != site).ToDictionary();
            }

            var news = state.After(away, now);
            news.Lost.ShouldAllBe(site => told.Add(site));
            news.Returned.ShouldAllBe(site => told.Remove(site));
            told.ShouldBe(since.Where(entry => now - entry.Value >= SiteAbsences.Patience || told.Contains(entry.Key)).Select(entry => entry.Key), ignoreOrder: true);
            news.Next.Away.Select(entry => (entry.Key, entry.Value.Since)).ShouldBe(since.Select(entry => (entry.Key, entry.Value)), ignoreOrder: true);
            state = news.Next;
        }
    });
}
