#!/usr/bin/python3
"""Other ways to fetch the same things, for comparison: peers.py nested|asyncio BASE VIDEOS SECTIONS CAP

nested   a pool of threads per level: videos, sections of a video, the two requests of a section (what most generators of
         videos do); CAP / 4 videos at once, 2 sections each
asyncio  aiohttp and one semaphore of CAP, all requests in order
"""
import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

BASE, VIDEOS, SECTIONS, CAP = sys.argv[2], *map(int, sys.argv[3:6])


def urls(video, section):
    return [f"{BASE}/{kind}/{video}/{section}" for kind in ("images", "audio")]


def nested():
    import requests

    def fetch(url):
        answer = requests.get(url, timeout=300)
        answer.raise_for_status()
        return len(answer.content)

    def section(video, number):
        with ThreadPoolExecutor(2) as pool:
            return sum(pool.map(fetch, urls(video, number)))

    def video(number):
        with ThreadPoolExecutor(2 if VIDEOS > 1 else CAP // 2) as pool:
            return sum(pool.map(lambda s: section(number, s), range(SECTIONS)))

    with ThreadPoolExecutor(max(1, CAP // 4)) as pool:
        return sum(pool.map(video, range(VIDEOS)))


async def with_asyncio():
    import aiohttp

    free = asyncio.Semaphore(CAP)
    forever = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=forever) as session:

        async def fetch(url):
            async with free, session.get(url) as answer:
                answer.raise_for_status()
                return len(await answer.read())

        todo = [u for v in range(VIDEOS) for s in range(SECTIONS) for u in urls(v, s)]
        return sum(await asyncio.gather(*map(fetch, todo)))


print(nested() if sys.argv[1] == "nested" else asyncio.run(with_asyncio()))
